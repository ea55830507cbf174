"""Compares an ONNX graph's inputs and outputs with what its config declares."""

from collections.abc import Iterable
from pathlib import Path

import onnx
from onnx import TensorProto
from tritonclient.grpc.model_config_pb2 import DataType, ModelConfig, ModelInput, ModelOutput

Declared = ModelInput | ModelOutput
ELEMENT_TYPES = {
    TensorProto.FLOAT: DataType.TYPE_FP32,
    TensorProto.FLOAT16: DataType.TYPE_FP16,
    TensorProto.INT32: DataType.TYPE_INT32,
    TensorProto.INT64: DataType.TYPE_INT64,
    TensorProto.UINT8: DataType.TYPE_UINT8,
}


def graph_problems(path: Path, config: ModelConfig) -> list[str]:
    """All ways in which a graph differs from its config: names, element types, dimensions.

    A dimension is fixed in both with the same number, or free in both.

    Args:
        path: The graph; its external weights are not read.
        config: What it must keep.

    Returns:
        One line for each difference; empty when there is none.
    """
    graph = onnx.load(path, load_external_data=False).graph
    constants = {tensor.name for tensor in graph.initializer}
    inputs = [value for value in graph.input if value.name not in constants]
    problems = [
        *_edge_problems("input", inputs, config.input, config.max_batch_size > 0),
        *_edge_problems("output", graph.output, config.output, config.max_batch_size > 0),
    ]
    return [f"{config.name}: {problem}" for problem in problems]


def _edge_problems(
    kind: str,
    values: Iterable[onnx.ValueInfoProto],
    declared: Iterable[Declared],
    batched: bool,  # noqa: FBT001
) -> list[str]:
    found = {value.name: value for value in values}
    wanted = {tensor.name: tensor for tensor in declared}
    problems = [f"{kind} {name} is missing in the graph" for name in wanted.keys() - found.keys()]
    problems += [f"{kind} {name} is not declared" for name in found.keys() - wanted.keys()]
    for name in wanted.keys() & found.keys():
        problems += _tensor_problems(f"{kind} {name}", found[name], wanted[name], batched)
    return sorted(problems)


def _tensor_problems(
    label: str,
    value: onnx.ValueInfoProto,
    declared: Declared,
    batched: bool,  # noqa: FBT001
) -> list[str]:
    tensor = value.type.tensor_type
    problems = []
    if ELEMENT_TYPES.get(tensor.elem_type) != declared.data_type:
        found = TensorProto.DataType.Name(tensor.elem_type)
        wanted = DataType.Name(declared.data_type)
        problems.append(f"{label} is {found} in the graph, {wanted} in the config")
    found_dims = [dim.dim_value if dim.HasField("dim_value") else -1 for dim in tensor.shape.dim]
    wanted_dims = [-1] * batched + list(declared.dims)
    if found_dims != wanted_dims:
        problems.append(f"{label} is {found_dims} in the graph, {wanted_dims} in the config")
    return problems
