"""Writes a torch module as an ONNX graph with the names and dimensions of its config.

The graph is traced on a small picture: operations and weights do not depend on the size, and the
trace costs little then. The real dimensions are put on the inputs and outputs afterwards.

The tracing exporter is used, not the one over `torch.export`: that one takes ten times as long for
these networks, and refuses batches of 64 rows and more because of a special case in diffusers.
"""

import warnings
from pathlib import Path

import onnx
import torch
from torch import nn
from tritonclient.grpc.model_config_pb2 import ModelConfig, ModelInput, ModelOutput

from export.errors import ContractError
from export.external_weights import gather_weights
from export.refine import FREE
from export.samples import Samples

OPSET = 18
GRAPH_FILE = "model.onnx"


def write_graph(
    network: nn.Module, config: ModelConfig, traced: Samples, folder: Path, opset: int = OPSET
) -> Path:
    """Writes model.onnx, with the weights in model.onnx.data beside it when they exceed 2 GB.

    Args:
        network: Takes the config's inputs and gives its outputs, in its order.
        config: The refined config.
        traced: Inputs of at least two rows, possibly of a smaller picture.
        folder: The model's version folder.
        opset: Version of ONNX's operators.

    Returns:
        The graph's path.

    Raises:
        ContractError: the network has operations that cannot be traced or written.
    """
    path = folder / GRAPH_FILE
    try:
        _trace(network, config, traced, path, opset)
    except RuntimeError as error:  # torch.onnx's errors and the tracer's
        raise ContractError([f"{config.name}: cannot be written as a graph: {error}"]) from error
    _finish(path, config)
    return path


def _trace(
    network: nn.Module, config: ModelConfig, traced: Samples, path: Path, opset: int
) -> None:
    arguments = tuple(torch.from_numpy(traced[tensor.name]) for tensor in config.input)
    tensors = (*config.input, *config.output)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # of the tracer, about sizes that are fixed on purpose
        torch.onnx.export(
            network,
            arguments,
            str(path),
            dynamo=False,
            opset_version=opset,
            input_names=[tensor.name for tensor in config.input],
            output_names=[tensor.name for tensor in config.output],
            dynamic_axes={tensor.name: _free_axes(tensor, config) for tensor in tensors},
        )


def _free_axes(tensor: ModelInput | ModelOutput, config: ModelConfig) -> dict[int, str]:
    """Names of the dimensions that differ from call to call."""
    batched = config.max_batch_size > 0
    sizes = [FREE] * batched + list(tensor.dims)
    names = ["rows"] + ["tokens"] * (len(sizes) - 1)
    return {axis: names[axis] for axis, size in enumerate(sizes) if size == FREE}


def _finish(path: Path, config: ModelConfig) -> None:
    """Puts the real sizes on the edges, and scattered weights into one file."""
    model = onnx.load(path, load_external_data=False)
    dims = {tensor.name: list(tensor.dims) for tensor in (*config.input, *config.output)}
    for value in (*model.graph.input, *model.graph.output):
        _set_sizes(value, dims.get(value.name, []))
    del model.graph.value_info[:]  # they tell the traced sizes
    gather_weights(model, path.parent)
    onnx.save(model, path)


def _set_sizes(value: onnx.ValueInfoProto, sizes: list[int]) -> None:
    """Replaces traced sizes, and names that the exporter invented for sizes it could not follow.

    The graph's real output shapes are compared with torch's afterwards.
    """
    dims = value.type.tensor_type.shape.dim
    for dim, size in zip(reversed(dims), reversed(sizes), strict=False):
        if size >= 0:
            dim.dim_value = size
