"""The graphs that TensorRT gets against its published operators and types."""

import onnx
import pytest
from onnx import TensorProto, helper

from export.contracts import GRAPHS, Role
from export.request import Precision
from tests.export.published import Published
from tests.export.tensorrt.conftest import PlanExporter
from tests.export.tensorrt.operators import refused


def _graph(published: Published, role: Role) -> onnx.ModelProto:
    return onnx.load(published.folder(role) / "1" / "model.plan")


@pytest.mark.parametrize(
    ("name", "precision"),
    [
        ("sd1_inpainting", Precision.FP16),
        ("sd1_lcm", Precision.FP16),  # with the tiny autoencoder
        ("sd2_inpainting", Precision.FP16),
        ("sdxl_calm", Precision.FP16),
        ("sd1_calm", Precision.BF16),
        ("sd1_calm", Precision.INT8),
        ("sdxl_calm", Precision.FP8),
    ],
)
def test_tensorrt_takes_every_operation_and_type(
    planned: PlanExporter, name: str, precision: Precision
) -> None:
    published = planned(name, precision)
    found = {role: refused(_graph(published, role)) for role in GRAPHS}
    assert found == {role: [] for role in GRAPHS}


@pytest.mark.parametrize(
    ("name", "precision", "kind"),
    [
        ("sd1_inpainting", Precision.FP16, TensorProto.FLOAT16),
        ("sd1_calm", Precision.BF16, TensorProto.BFLOAT16),
    ],
)
def test_convolutions_are_in_half_precision_and_norms_and_waves_in_fp32(
    planned: PlanExporter, name: str, precision: Precision, kind: int
) -> None:
    graph = onnx.shape_inference.infer_shapes(_graph(planned(name, precision), Role.UNET)).graph
    kinds = {value.name: value.type.tensor_type.elem_type for value in graph.value_info}

    def of(operator: str) -> set[int]:
        return {kinds[node.output[0]] for node in graph.node if node.op_type == operator}

    assert of("Conv") == of("Softmax") == {kind}
    assert of("InstanceNormalization") == of("Sin") == of("Cos") == {TensorProto.FLOAT}


def test_the_vae_of_sdxl_is_in_fp32(planned: PlanExporter) -> None:
    graph = _graph(planned("sdxl_calm"), Role.VAE_DECODER).graph
    assert {weight.data_type for weight in graph.initializer} <= {
        TensorProto.FLOAT,
        TensorProto.INT64,
    }


def test_an_operation_on_bytes_is_refused() -> None:
    edges = [
        helper.make_tensor_value_info("X", TensorProto.UINT8, [1]),
        helper.make_tensor_value_info("Y", TensorProto.UINT8, [1]),
    ]
    node = helper.make_node("Add", ["X", "X"], ["Y"], name="sum")
    graph = helper.make_graph([node], "bytes", edges[:1], edges[1:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])
    assert refused(model) == [
        "Add sum with X in UINT8",
        "Add sum with X in UINT8",
        "Add sum with Y in UINT8",
    ]
