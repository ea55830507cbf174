"""What of a graph TensorRT does not take, by its published table of operators and types."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import onnx
from onnx import NodeProto, TensorProto

TABLE = tomllib.loads(Path(__file__).with_name("supported.toml").read_text(encoding="utf-8"))


def refused(model: onnx.ModelProto) -> list[str]:
    """One line for each operation that TensorRT refuses; empty when it takes the graph."""
    opset = model.opset_import[0].version
    if not TABLE["least_opset"] <= opset <= TABLE["most_opset"]:
        return [f"opset {opset}"]
    kinds = _kinds(model)
    edges = {value.name for value in (*model.graph.input, *model.graph.output)}
    return [line for node in model.graph.node for line in _problems(node, kinds, edges)]


def _kinds(model: onnx.ModelProto) -> dict[str, int]:
    """The element type of every value."""
    graph = onnx.shape_inference.infer_shapes(model).graph
    values = (*graph.input, *graph.output, *graph.value_info)
    kinds = {value.name: value.type.tensor_type.elem_type for value in values}
    return kinds | {weight.name: weight.data_type for weight in graph.initializer}


def _problems(node: NodeProto, kinds: dict[str, int], edges: set[str]) -> Iterator[str]:
    groups = TABLE["operators"].get(node.op_type)
    if groups is None:
        yield f"{node.op_type} is not in the table"
        return
    allowed = {name for group in groups for name in TABLE["types"].get(group, [])}
    for name in filter(None, (*node.input, *node.output)):
        kind = TensorProto.DataType.Name(kinds.get(name, TensorProto.UNDEFINED))
        if kind == "UINT8" and name in edges and "edge" in groups:
            continue
        # Conditions and results of comparisons, sizes and indices are of their own types.
        if kind not in allowed and kind not in ("BOOL", "INT64"):
            yield f"{node.op_type} {node.name} with {name} in {kind}"
    for attribute in node.attribute:
        values = TABLE["attributes"].get(node.op_type, {}).get(attribute.name)
        if values is not None and attribute.s.decode() not in values:
            yield f"{node.op_type} {node.name} with {attribute.name} {attribute.s.decode()}"
    if len(node.output) > TABLE["outputs"].get(node.op_type, len(node.output)):
        yield f"{node.op_type} {node.name} with {len(node.output)} outputs"
