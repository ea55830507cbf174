"""Runs a bfloat16 graph where no engine computes in it: every result is rounded, in fp32.

That is how GPUs compute: products are summed in fp32, and what is stored is rounded.
"""

from collections.abc import Iterator
from pathlib import Path

import onnx
from onnx import NodeProto, TensorProto, helper

SUFFIX = "/fp32"


def write_emulation(path: Path) -> Path:
    """Writes the graph beside itself with its bfloat16 operations in fp32, and rounded results.

    The weights are those of the graph; they are not copied.

    Returns:
        The path of the new graph, which ONNX Runtime takes on a CPU.
    """
    model = onnx.load(path, load_external_data=False)
    rounded = _bfloat16_values(model)
    casts = [_cast(weight.name) for weight in model.graph.initializer if weight.name in rounded]
    nodes = [part for node in model.graph.node for part in _emulated(node, rounded)]
    del model.graph.node[:]
    model.graph.node.extend([*casts, *nodes])
    del model.graph.value_info[:]
    emulation = path.with_suffix(".emulation.onnx")
    onnx.save(model, emulation)
    return emulation


def _bfloat16_values(model: onnx.ModelProto) -> set[str]:
    graph = onnx.shape_inference.infer_shapes(model).graph
    values = {v.name: v.type.tensor_type.elem_type for v in graph.value_info}
    values |= {weight.name: weight.data_type for weight in graph.initializer}
    return {name for name, kind in values.items() if kind == TensorProto.BFLOAT16}


def _emulated(node: NodeProto, rounded: set[str]) -> Iterator[NodeProto]:
    wide = NodeProto()
    wide.CopyFrom(node)
    wide.input[:] = [name + SUFFIX if name in rounded else name for name in node.input]
    results = [name for name in node.output if name in rounded]
    if node.op_type not in ("Cast", "Constant"):  # those make bfloat16 themselves
        wide.output[:] = [f"{name}/exact" if name in rounded else name for name in node.output]
    yield wide
    for name in results:
        if name not in wide.output:
            yield helper.make_node("Cast", [f"{name}/exact"], [name], to=TensorProto.BFLOAT16)
        yield _cast(name)


def _cast(name: str) -> NodeProto:
    return helper.make_node("Cast", [name], [name + SUFFIX], to=TensorProto.FLOAT)
