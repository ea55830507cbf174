"""Quantises an OpenVINO graph: convolutions and matrix products in 8 bits, by NNCF.

Weights get a scale for each channel, activations one range, from calls that the network is to
meet (https://arxiv.org/abs/1806.08342). SmoothQuant (https://arxiv.org/abs/2211.10438) moves
outliers of activations into the weights of matrix products.
"""

import io
import logging
import os
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import openvino as ov

from export.errors import ContractError, UnsupportedError
from export.samples import Samples

# They decide by little numbers, or touch every pixel of the answer, and are no work.
KEPT = (".*time_emb.*", ".*add_embedding.*", ".*/conv_in/.*", ".*/conv_out/.*")


def quantise(path: Path, calls: Sequence[Samples], model_name: str) -> None:
    """Writes the quantised graph in the place of one in fp32.

    Args:
        path: model.xml, with its weights in model.bin beside it.
        calls: inputs that the network is to meet.
        model_name: for errors.

    Raises:
        ContractError: NNCF cannot quantise the graph.
        UnsupportedError: NNCF is not installed.
    """
    nncf = _nncf()
    model = ov.Core().read_model(path)
    try:
        with redirect_stdout(io.StringIO()):  # it draws its own progress there
            quantised = nncf.quantize(
                model,
                nncf.Dataset(calls),
                subset_size=len(calls),
                preset=nncf.QuantizationPreset.MIXED,  # activations need not be around zero
                model_type=nncf.ModelType.TRANSFORMER,
                ignored_scope=nncf.IgnoredScope(patterns=list(KEPT), validate=False),
            )
    except Exception as error:  # the library's errors have no class in common
        raise ContractError([f"{model_name}: NNCF cannot quantise it: {error}"]) from error
    _replace(path, quantised)


def _replace(path: Path, model: ov.Model) -> None:
    """Under another name first: the weights of the old file are still in use."""
    written = path.with_stem("quantised")
    ov.save_model(model, written, compress_to_fp16=False)
    for suffix in (".xml", ".bin"):
        written.with_suffix(suffix).replace(path.with_suffix(suffix))


def _nncf() -> Any:
    """The library, without chatter and without the reports that it would send to its makers."""
    os.environ.setdefault("NNCF_CI", "1")
    try:
        import nncf
    except ModuleNotFoundError as error:
        raise UnsupportedError(f"no module {error.name}: run `make export-environment`") from error
    # Its own function would also silence handlers that others have given its logger.
    logging.getLogger(nncf.__name__).setLevel(logging.ERROR)
    return nncf
