"""Small ONNX graphs for the tests of the engines."""

from pathlib import Path

import onnx
from onnx import TensorProto, helper


def save_square(path: Path, output: str = "Y") -> None:
    """Write a graph that squares X (rows, 4) into `output`."""
    graph = helper.make_graph(
        [helper.make_node("Mul", ["X", "X"], [output])],
        "square",
        [helper.make_tensor_value_info("X", TensorProto.FLOAT, ["rows", 4])],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["rows", 4])],
    )
    opset = helper.make_opsetid("", 17)
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(helper.make_model(graph, opset_imports=[opset], ir_version=9), path)
