"""Has a UNet's calls computed in two halves, see `retouch.backends.openvino_halves`."""

import json
from typing import Final

from tritonclient.grpc.model_config_pb2 import ModelConfig

from export.checkpoint import Family
from export.geometry import PROMPT_TOKENS, Geometry
from retouch.backends.openvino_halves import PARAMETER

ROWS: Final = 1  # of a half: a guided image has two


def compute_in_halves(config: ModelConfig, family: Family, geometry: Geometry) -> None:
    """Lets OpenVINO halve the calls of a UNet.

    One of Stable Diffusion XL's size is left whole: it costs a copy of its weights.

    Args:
        config: The UNet's, for OpenVINO; changed in place.
        family: Of the checkpoint.
        geometry: The checkpoint's numbers.
    """
    if family is Family.SDXL:
        return
    halves = {
        "rows": ROWS,
        "EMBEDDINGS": [PROMPT_TOKENS, geometry.embedding_width],
    }
    config.parameters[PARAMETER].string_value = json.dumps(halves)
