"""What every engine does alike, and what each does with its own parameters."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from retouch.backends.declaration import Declaration
from retouch.backends.engine import Array, Engine, EngineError
from retouch.backends.onnx_engine import OnnxRuntimeEngine
from retouch.backends.openvino_engine import OpenVinoEngine
from tests.retouch.backends.declarations import declaration, parameters
from tests.retouch.backends.graphs import save_square

ENGINES = (OnnxRuntimeEngine, OpenVinoEngine)
Load = Callable[[Declaration], Engine]
each_engine = pytest.mark.parametrize("load", ENGINES)


@each_engine
@pytest.mark.parametrize("rows", [1, 3, 16])
def test_the_graph_is_computed_for_any_number_of_rows(
    tmp_path: Path, load: Load, rows: int
) -> None:
    save_square(tmp_path / "1" / "model.onnx")
    values = np.arange(4 * rows, dtype=np.float32).reshape(rows, 4)
    found = load(declaration(tmp_path)).run({"X": values}, ["Y"])["Y"]
    np.testing.assert_array_equal(found, values**2)


@each_engine
def test_a_result_stays_what_it_was_when_the_engine_runs_again(tmp_path: Path, load: Load) -> None:
    save_square(tmp_path / "1" / "model.onnx")
    engine = load(declaration(tmp_path))
    first = engine.run({"X": np.full((2, 4), 3, np.float32)}, ["Y"])["Y"]
    engine.run({"X": np.zeros((2, 4), np.float32)}, ["Y"])
    assert (first == 9).all()


@each_engine
def test_the_configured_file_name_is_loaded(tmp_path: Path, load: Load) -> None:
    save_square(tmp_path / "1" / "square.onnx")
    load(declaration(tmp_path, default_model_filename="square.onnx"))


@each_engine
def test_an_output_that_the_graph_lacks_is_an_error_that_names_both(
    tmp_path: Path, load: Load
) -> None:
    save_square(tmp_path / "1" / "model.onnx", output="Z")
    with pytest.raises(EngineError, match=r"square: .*outputs \['Y'\], the graph has \['Z'\]"):
        load(declaration(tmp_path))


@each_engine
def test_another_set_of_inputs_is_an_error_that_names_both(tmp_path: Path, load: Load) -> None:
    save_square(tmp_path / "1" / "model.onnx")
    with pytest.raises(EngineError, match=r"inputs \['V', 'X'\], the graph has \['X'\]"):
        load(declaration(tmp_path, input=[{"name": "X"}, {"name": "V"}]))


@each_engine
def test_a_missing_file_is_an_error_that_names_the_model(tmp_path: Path, load: Load) -> None:
    with pytest.raises(EngineError, match=r"square: .*model\.onnx"):
        load(declaration(tmp_path))


@each_engine
def test_a_broken_graph_is_an_error_that_names_the_model(tmp_path: Path, load: Load) -> None:
    save_square(tmp_path / "1" / "model.onnx")
    graph = (tmp_path / "1" / "model.onnx").read_bytes()
    (tmp_path / "1" / "model.onnx").write_bytes(graph[:-20])
    with pytest.raises(EngineError, match=r"square: "):
        load(declaration(tmp_path))


@pytest.mark.parametrize(
    ("load", "parameter"),
    [(OnnxRuntimeEngine, "intra_op_thread_count"), (OpenVinoEngine, "INFERENCE_NUM_THREADS")],
)
def test_a_thread_count_that_is_no_number_is_an_error(
    tmp_path: Path, load: Load, parameter: str
) -> None:
    save_square(tmp_path / "1" / "model.onnx")
    with pytest.raises(EngineError, match=f"{parameter} = 'many' is not a whole number"):
        load(declaration(tmp_path, **parameters(**{parameter: "many"})))


@each_engine
@pytest.mark.parametrize("inputs", [{}, {"X": np.zeros((1, 5), np.float32)}])
def test_inputs_that_do_not_fit_are_an_error_and_the_next_call_is_right(
    tmp_path: Path, load: Load, inputs: dict[str, Array]
) -> None:
    save_square(tmp_path / "1" / "model.onnx")
    engine = load(declaration(tmp_path))
    good = {"X": np.full((1, 4), 2, np.float32)}
    engine.run(good, ["Y"])
    with pytest.raises(Exception):  # noqa: B017, PT011 - each engine has its own
        engine.run(inputs, ["Y"])
    assert (engine.run(good, ["Y"])["Y"] == 4).all()


def test_a_gpu_without_the_cuda_provider_is_an_error_that_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onnxruntime.get_available_providers", lambda: ["CPUExecutionProvider"])
    with pytest.raises(EngineError, match="install onnxruntime-gpu"):
        OnnxRuntimeEngine(declaration(tmp_path, kind="GPU"))


def test_openvino_on_a_gpu_is_an_error_that_says_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"square: .* use KIND_CPU"):
        OpenVinoEngine(declaration(tmp_path, kind="GPU"))
