"""Small ONNX graphs for the tests of the engines."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper


def save_square(path: Path, output: str = "Y") -> None:
    """Write a graph that squares X (rows, 4) into `output`."""
    _save(path, helper.make_node("Mul", ["X", "X"], [output]), 4, output)


def save_product(path: Path, factor: npt.NDArray[np.float32]) -> None:
    """Write a graph that multiplies X (rows, n) by the matrix `factor` (n, n) into Y."""
    weights = [numpy_helper.from_array(factor, "W")]
    _save(path, helper.make_node("MatMul", ["X", "W"], ["Y"]), len(factor), "Y", weights)


def save_sum(path: Path) -> None:
    """Write a graph that adds X and V (rows, any number, the same for both) into Y."""
    _save(path, helper.make_node("Add", ["X", "V"], ["Y"]), "columns", "Y", inputs=("X", "V"))


def _save(
    path: Path,
    node: onnx.NodeProto,
    columns: int | str,
    output: str,
    weights: Sequence[onnx.TensorProto] = (),
    inputs: Sequence[str] = ("X",),
) -> None:
    def tensor(name: str) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["rows", columns])

    edges = [tensor(name) for name in inputs], [tensor(output)]
    graph = helper.make_graph([node], "small", *edges, weights)
    opset = helper.make_opsetid("", 17)
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(helper.make_model(graph, opset_imports=[opset], ir_version=9), path)
