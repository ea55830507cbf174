"""Configs for ONNX Runtime on a GPU, by the rules of NVIDIA's backend."""

import pytest
from tritonclient.grpc.model_config_pb2 import ModelConfig, ModelInstanceGroup

from export.contracts import GRAPHS, Role
from export.engine_config import for_engine
from export.request import Device, Engine, Precision
from tests.export.fixtures import Exporter


def _on_gpu(exported: Exporter, role: Role) -> tuple[ModelConfig, ModelConfig]:
    """A graph's config for a CPU, and the same for a GPU."""
    config = exported("sd1_lcm", Precision.FP16).config(role)
    return config, for_engine(config, Engine.ONNXRUNTIME, Precision.FP16, Device.GPU)


@pytest.mark.parametrize("role", GRAPHS)
def test_a_graph_is_placed_on_the_gpu_and_nothing_else_of_it_changes(
    exported: Exporter, role: Role
) -> None:
    before, after = _on_gpu(exported, role)
    assert [group.kind for group in after.instance_group] == [ModelInstanceGroup.KIND_GPU]
    for config in (before, after):
        for field in ("instance_group", "parameters", "model_warmup"):
            config.ClearField(field)
    assert after == before


@pytest.mark.parametrize("role", GRAPHS)
def test_no_call_waits_for_a_search_of_algorithms(exported: Exporter, role: Role) -> None:
    _, config = _on_gpu(exported, role)
    found = {name: value.string_value for name, value in config.parameters.items()}
    assert found == {"cudnn_conv_algo_search": "1"}


@pytest.mark.parametrize("role", GRAPHS)
def test_every_number_of_rows_is_warm_before_the_model_is_ready(
    exported: Exporter, role: Role
) -> None:
    _, config = _on_gpu(exported, role)
    sizes = [request.batch_size for request in config.model_warmup]
    assert sizes == list(range(1, max(1, config.max_batch_size) + 1))
    for request in config.model_warmup:
        for tensor in config.input:
            sample = request.inputs[tensor.name]
            assert sample.data_type == tensor.data_type
            assert all(
                free in (-1, size) and size > 0
                for free, size in zip(tensor.dims, sample.dims, strict=True)
            )
