"""Keeps group normalisations of a half-precision graph in fp32.

Tracing makes an `InstanceNormalization` of a group normalisation, which has no type of its own for
its sums; those of a picture's squares leave the range of fp16 at 65504. Nothing else is widened:
timestep embeddings are traced in fp32 already, `LayerNormalization` sums in fp32 by its definition,
and the softmax of attention stays as the fused kernels want it.
"""

from collections.abc import Iterator
from pathlib import Path

import onnx
from onnx import NodeProto, TensorProto, helper

NORMALISATION = "InstanceNormalization"


def keep_norms_precise(path: Path) -> None:
    """Puts casts to fp32 and back around the group normalisations of a graph, in place.

    Args:
        path: The graph; its external weights are not read, and norms in fp32 stay as they are.
    """
    model = onnx.load(path, load_external_data=False)
    kinds = _kinds(model)
    nodes = [part for node in model.graph.node for part in _widened(node, kinds)]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    onnx.save(model, path)


def _kinds(model: onnx.ModelProto) -> dict[str, int]:
    """The element type of every value that a node makes."""
    values = onnx.shape_inference.infer_shapes(model).graph.value_info
    return {value.name: value.type.tensor_type.elem_type for value in values}


def _widened(node: NodeProto, kinds: dict[str, int]) -> Iterator[NodeProto]:
    half = kinds.get(node.output[0]) if node.op_type == NORMALISATION else None
    if half in (None, TensorProto.FLOAT):
        yield node
        return
    wide = NodeProto()
    wide.CopyFrom(node)
    for index, name in enumerate(node.input):
        wide.input[index] = f"{node.name}/{index}/fp32"
        yield helper.make_node("Cast", [name], [wide.input[index]], to=TensorProto.FLOAT)
    wide.output[0] = f"{node.name}/fp32"
    yield wide
    yield helper.make_node("Cast", [wide.output[0]], [node.output[0]], to=half)
