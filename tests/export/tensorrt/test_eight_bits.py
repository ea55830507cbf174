"""What is quantised in the graphs of 8 bits, and with which scales."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import NodeProto, TensorProto, numpy_helper
from safetensors.numpy import load_file

from export.contracts import Role
from export.request import EIGHT_BITS, Precision
from tests.export.published import Array
from tests.export.tensorrt.conftest import PlanExporter

KINDS = {Precision.INT8: TensorProto.INT8, Precision.FP8: TensorProto.FLOAT8E4M3FN}
KEPT = ("time_emb", "conv_in", "conv_out", "conv_shortcut")


class Graph:
    """A quantised UNet's graph, by what makes its values."""

    def __init__(self, path: Path) -> None:
        self.graph = onnx.load(path).graph
        self.makers = {name: node for node in self.graph.node for name in node.output}
        self.weights = {weight.name: weight for weight in self.graph.initializer}

    def of(self, *operators: str) -> list[NodeProto]:
        return [node for node in self.graph.node if node.op_type in operators]

    def is_dequantised(self, name: str) -> bool:
        node = self.makers.get(name)
        if node is not None and node.op_type == "Transpose":  # of a linear layer's weights
            node = self.makers.get(node.input[0])
        return node is not None and node.op_type == "DequantizeLinear"

    def constant(self, name: str) -> Array:
        node = self.makers.get(name)
        tensor = node.attribute[0].t if node else self.weights[name]
        return np.asarray(numpy_helper.to_array(tensor))


@pytest.fixture(params=EIGHT_BITS, scope="module")
def precision(request: pytest.FixtureRequest) -> Precision:
    found: Precision = request.param
    return found


@pytest.fixture(scope="module")
def graph(planned: PlanExporter, precision: Precision) -> Graph:
    return Graph(planned("sd1_calm", precision).folder(Role.UNET) / "1" / "model.plan")


def test_the_convolutions_and_linear_layers_that_are_work_are_quantised(graph: Graph) -> None:
    layers = graph.of("Conv", "Gemm") + [
        node for node in graph.of("MatMul") if graph.is_dequantised(node.input[1])
    ]
    quantised = {n.name for n in layers if all(map(graph.is_dequantised, n.input[:2]))}
    assert quantised == {n.name for n in layers if not any(part in n.name for part in KEPT)}
    assert any("conv1" in name for name in quantised)
    assert any("to_q" in name for name in quantised)


def test_quantised_values_are_of_the_type_asked_for_and_around_zero(
    graph: Graph, precision: Precision
) -> None:
    zeros = {node.input[2] for node in graph.of("QuantizeLinear", "DequantizeLinear")}
    assert {graph.weights[name].data_type for name in zeros} == {KINDS[precision]}
    assert not any(graph.weights[name].raw_data.strip(b"\0") for name in zeros)


def test_fp8_has_one_scale_for_a_tensor_and_int8_one_for_each_output_of_the_weights(
    graph: Graph, precision: Precision
) -> None:
    sizes: dict[bool, set[bool]] = {True: set(), False: set()}
    for node in graph.of("QuantizeLinear"):
        is_weight = node.input[0] in graph.weights
        sizes[is_weight].add(graph.constant(node.input[1]).size == 1)
    assert sizes == {False: {True}, True: {precision is Precision.FP8}}


def test_the_largest_weight_is_the_largest_number_of_8_bits(
    graph: Graph, precision: Precision, sd1_calm: Path
) -> None:
    file = sd1_calm / "unet" / "diffusion_pytorch_model.safetensors"
    weight = load_file(file)["down_blocks.1.resnets.0.conv1.weight"]
    axes: dict[Precision, Callable[[], Array]] = {
        Precision.FP8: lambda: np.abs(weight).max() / 448,
        Precision.INT8: lambda: np.abs(weight).max((1, 2, 3)) / 127,
    }
    [node] = [
        node
        for node in graph.of("QuantizeLinear")
        if "down_blocks.1/resnets.0/conv1/weight" in node.name
    ]
    np.testing.assert_allclose(graph.constant(node.input[1]), axes[precision](), rtol=2e-3)
