"""Weights of graphs over 2 GB, which a single ONNX file cannot hold."""

import shutil
from pathlib import Path
from typing import IO

import onnx
from onnx.external_data_helper import ExternalDataInfo, set_external_data

WEIGHTS_FILE = "model.onnx.data"
ALIGNMENT_BYTES = 4096  # lets an engine map the weights into memory


def gather_weights(model: onnx.ModelProto, folder: Path) -> None:
    """Puts weights that lie in one file a tensor into one file for all, and deletes the many.

    Nothing is held in memory but the block that is copied.

    Args:
        model: Loaded without its external data; its references are changed.
        folder: Where the graph and the weights are.
    """
    scattered = [tensor for tensor in model.graph.initializer if tensor.external_data]
    if not scattered:
        return
    with (folder / WEIGHTS_FILE).open("wb") as weights:
        for tensor in scattered:
            _append(tensor, folder, weights)


def _append(tensor: onnx.TensorProto, folder: Path, weights: IO[bytes]) -> None:
    source = folder / ExternalDataInfo(tensor).location
    weights.seek(-weights.tell() % ALIGNMENT_BYTES, 1)
    offset, length = weights.tell(), source.stat().st_size
    with source.open("rb") as part:
        shutil.copyfileobj(part, weights)
    source.unlink()
    tensor.raw_data = b""  # what set_external_data asks for
    set_external_data(tensor, WEIGHTS_FILE, offset=offset, length=length)
    tensor.ClearField("raw_data")
