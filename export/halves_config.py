"""Has a UNet's calls computed in two halves, see `retouch.backends.openvino_halves`."""

import json
from typing import Final

from tritonclient.grpc.model_config_pb2 import ModelConfig

from export.checkpoint import Family
from export.geometry import PROMPT_TOKENS, Geometry
from retouch.backends.openvino_halves import PARAMETER

GUIDED_ROWS: Final = 2


def compute_in_halves(
    config: ModelConfig, family: Family, geometry: Geometry, max_rows: int
) -> None:
    """Lets OpenVINO halve the calls of one guided image, and those that are full.

    Other calls are made of those of one image. A UNet of Stable Diffusion XL's size is left whole:
    each number of rows costs a copy of its weights.

    Args:
        config: The UNet's, for OpenVINO; changed in place.
        family: Of the checkpoint.
        geometry: The checkpoint's numbers.
        max_rows: Of a call.
    """
    if family is Family.SDXL:
        return
    halves = {
        "rows": sorted({GUIDED_ROWS // 2, max_rows // 2}),
        "EMBEDDINGS": [PROMPT_TOKENS, geometry.embedding_width],
    }
    config.parameters[PARAMETER].string_value = json.dumps(halves)
