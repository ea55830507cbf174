"""Graphs that break their config, or compute something else, are found."""

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper
from torch import Tensor, nn
from tritonclient.grpc.model_config_pb2 import DataType, ModelConfig

from export.engine_config import for_engine
from export.engines import load_engine
from export.external_weights import gather_weights
from export.graph_check import graph_problems
from export.numbers_check import Expectation, expect, number_problems
from export.onnx_writer import write_graph
from export.openvino_writer import convert_graph
from export.request import Engine, Precision

Dims = list[int | str]


def _config(max_batch_size: int = 8) -> ModelConfig:
    config = ModelConfig(name="m", max_batch_size=max_batch_size)
    config.input.add(name="X", data_type=DataType.TYPE_FP32, dims=[4])
    config.output.add(name="Y", data_type=DataType.TYPE_FP32, dims=[4])
    return config


def _number_problems(
    path: Path,
    expectations: list[Expectation],
    precision: Precision,
    engine: Engine = Engine.ONNXRUNTIME,
) -> list[str]:
    config = for_engine(_config(), engine, precision)
    return number_problems(
        lambda: load_engine(engine, path, config, precision), ["Y"], expectations, precision
    )


def _graph(
    folder: Path, output: str = "Y", kind: int = TensorProto.FLOAT, dims: Dims | None = None
) -> Path:
    dims = dims if dims is not None else ["rows", 4]
    node = helper.make_node("Cast", ["X"], [output], to=kind)
    inputs = [helper.make_tensor_value_info("X", TensorProto.FLOAT, ["rows", 4])]
    outputs = [helper.make_tensor_value_info(output, kind, dims)]
    model = helper.make_model(helper.make_graph([node], "g", inputs, outputs))
    onnx.save(model, folder / "model.onnx")
    return folder / "model.onnx"


def test_a_graph_that_keeps_its_config_has_no_problems(tmp_path: Path) -> None:
    assert graph_problems(_graph(tmp_path), _config()) == []


def test_a_renamed_output_is_found_missing_and_undeclared(tmp_path: Path) -> None:
    problems = graph_problems(_graph(tmp_path, output="Z"), _config())
    assert problems == [
        "m: output Y is missing in the graph",
        "m: output Z is not declared",
    ]


def test_another_element_type_is_found(tmp_path: Path) -> None:
    problems = graph_problems(_graph(tmp_path, kind=TensorProto.FLOAT16), _config())
    assert problems == ["m: output Y is FLOAT16 in the graph, TYPE_FP32 in the config"]


@pytest.mark.parametrize("dims", [["rows", "unknown"], [1, 4], ["rows", 5], ["rows", 4, 1], []])
def test_other_dimensions_are_found(tmp_path: Path, dims: Dims) -> None:
    problems = graph_problems(_graph(tmp_path, dims=dims), _config())
    assert len(problems) == 1
    assert problems[0].startswith("m: output Y is [")


def test_without_batching_the_config_names_every_dimension(tmp_path: Path) -> None:
    problems = graph_problems(_graph(tmp_path), _config(max_batch_size=0))
    assert [problem.split(" is ")[0] for problem in problems] == ["m: input X", "m: output Y"]


class _Scale(nn.Module):
    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = nn.Parameter(torch.full((4,), factor), requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        """(rows, 4) -> (rows, 4)."""
        return x * self.factor


@pytest.mark.parametrize(
    ("factor", "precision", "found"),
    [
        (2.0, Precision.FP32, 0),
        (2.001, Precision.FP32, 1),
        (2.001, Precision.FP16, 0),
        (2.5, Precision.FP16, 1),
        (2.001, Precision.BF16, 0),
        (2.5, Precision.BF16, 1),
    ],
)
@pytest.mark.parametrize("engine", list(Engine))
def test_other_numbers_are_found_by_every_engine(
    tmp_path: Path, engine: Engine, factor: float, precision: Precision, found: int
) -> None:
    inputs = {"X": np.arange(8, dtype=np.float32).reshape(2, 4)}
    path = write_graph(_Scale(2.0), _config(), inputs, tmp_path)
    if engine is Engine.OPENVINO:
        path = convert_graph(path, for_engine(_config(), engine, precision))
    expectations = [expect(_Scale(factor), inputs)]
    assert len(_number_problems(path, expectations, precision, engine)) == found


def test_numbers_that_are_not_finite_are_found(tmp_path: Path) -> None:
    inputs = {"X": np.ones((2, 4), np.float32)}
    path = write_graph(_Scale(float("inf")), _config(), inputs, tmp_path)
    problems = _number_problems(path, [expect(_Scale(float("inf")), inputs)], Precision.FP32)
    assert len(problems) == 1
    assert "not finite" in problems[0]


def test_a_graph_that_does_not_run_is_found(tmp_path: Path) -> None:
    inputs = {"X": np.ones((2, 4), np.float32)}
    path = _graph(tmp_path)
    path.write_bytes(path.read_bytes()[:-20])
    problems = _number_problems(path, [expect(_Scale(1.0), inputs)], Precision.FP32)
    assert len(problems) == 1
    assert "cannot run the graph" in problems[0]


def test_scattered_weights_are_gathered_in_one_file_and_still_load(tmp_path: Path) -> None:
    network = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 4)).requires_grad_(requires_grad=False)
    inputs = {"X": np.ones((2, 4), np.float32)}
    path = write_graph(network, _config(), inputs, tmp_path)
    onnx.save(
        onnx.load(path),
        path,
        save_as_external_data=True,
        all_tensors_to_one_file=False,
        size_threshold=0,
    )
    model = onnx.load(path, load_external_data=False)
    gather_weights(model, tmp_path)
    onnx.save(model, path)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["model.onnx", "model.onnx.data"]
    assert _number_problems(path, [expect(network, inputs)], Precision.FP32) == []
