"""Writes a torch module as an ONNX graph with the names and dimensions of its config.

The graph is traced on a small picture: operations and weights do not depend on the size, and the
trace costs little then. The real dimensions are put on the inputs and outputs afterwards.
"""

import warnings
from pathlib import Path

import onnx
import torch
from onnx.external_data_helper import ExternalDataInfo, set_external_data
from torch import nn
from tritonclient.grpc.model_config_pb2 import ModelConfig

from export.samples import Samples

OPSET = 18
GRAPH_FILE = "model.onnx"
WEIGHTS_FILE = "model.onnx.data"
ALIGNMENT_BYTES = 4096  # lets an engine map the weights into memory
COPY_BYTES = 1 << 24


def write_graph(network: nn.Module, config: ModelConfig, traced: Samples, folder: Path) -> Path:
    """Writes model.onnx, with the weights in model.onnx.data beside it when they exceed 2 GB.

    Args:
        network: Takes the config's inputs and gives its outputs, in its order.
        config: The refined config.
        traced: Inputs of at least two rows, possibly of a smaller picture.
        folder: The model's version folder.

    Returns:
        The graph's path.
    """
    path = folder / GRAPH_FILE
    arguments = tuple(torch.from_numpy(traced[tensor.name]) for tensor in config.input)
    tensors = (*config.input, *config.output)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # of the tracer, about sizes that are fixed on purpose
        torch.onnx.export(
            network,
            arguments,
            str(path),
            dynamo=False,
            opset_version=OPSET,
            input_names=[tensor.name for tensor in config.input],
            output_names=[tensor.name for tensor in config.output],
            dynamic_axes={tensor.name: _free_axes(tensor, config) for tensor in tensors},
        )
    _finish(path, config)
    return path


def _free_axes(tensor: object, config: ModelConfig) -> dict[int, str]:
    """Names of the dimensions that differ from call to call."""
    batched = int(config.max_batch_size > 0)
    dims = tensor.dims  # type: ignore[attr-defined]
    axes = {0: "rows"} if batched else {}
    for index, size in enumerate(dims):
        if size < 0:
            axes[index + batched] = "rows" if index + batched == 0 else "tokens"
    return axes


def _finish(path: Path, config: ModelConfig) -> None:
    """Puts the real sizes on the edges, and scattered weights into one file."""
    model = onnx.load(path, load_external_data=False)
    dims = {tensor.name: list(tensor.dims) for tensor in (*config.input, *config.output)}
    for value in (*model.graph.input, *model.graph.output):
        _set_sizes(value, dims.get(value.name, []))
    del model.graph.value_info[:]  # they tell the traced sizes
    _gather_weights(model, path.parent)
    onnx.save(model, path)


def _set_sizes(value: onnx.ValueInfoProto, sizes: list[int]) -> None:
    """Replaces traced sizes, and names that the exporter invented for sizes it could not follow.

    The graph's real output shapes are compared with torch's afterwards.
    """
    dims = value.type.tensor_type.shape.dim
    for dim, size in zip(reversed(dims), reversed(sizes), strict=False):
        if size >= 0:
            dim.dim_value = size


def _gather_weights(model: onnx.ModelProto, folder: Path) -> None:
    """Appends the exporter's one file a tensor to one file, and deletes them."""
    external = [tensor for tensor in model.graph.initializer if tensor.external_data]
    if not external:
        return
    with (folder / WEIGHTS_FILE).open("wb") as weights:
        for tensor in external:
            source = folder / ExternalDataInfo(tensor).location
            weights.seek(-weights.tell() % ALIGNMENT_BYTES, 1)
            offset, length = weights.tell(), source.stat().st_size
            with source.open("rb") as part:
                while block := part.read(COPY_BYTES):
                    weights.write(block)
            source.unlink()
            tensor.raw_data = b""
            set_external_data(tensor, WEIGHTS_FILE, offset=offset, length=length)
            tensor.ClearField("raw_data")
