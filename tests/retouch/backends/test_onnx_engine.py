import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from retouch.backends.declaration import Declaration
from retouch.backends.engine import EngineError
from retouch.backends.onnx_engine import OnnxRuntimeEngine
from tests.retouch.backends.graphs import save_square


def declaration(folder: Path, *, output: str = "Y", kind: str = "CPU", **more: Any) -> Declaration:
    config = {
        "input": [{"name": "X"}],
        "output": [{"name": output}],
        "max_batch_size": 8,
        **more,
    }
    args = {
        "model_name": "square",
        "model_config": json.dumps(config),
        "model_repository": str(folder),
        "model_version": "1",
        "model_instance_kind": kind,
        "model_instance_device_id": "0",
    }
    return Declaration.from_triton(args, "model.onnx")


def test_the_graph_is_computed(tmp_path: Path) -> None:
    save_square(tmp_path / "1" / "model.onnx")
    engine = OnnxRuntimeEngine(declaration(tmp_path))
    rows = np.arange(8, dtype=np.float32).reshape(2, 4)
    np.testing.assert_array_equal(engine.run({"X": rows}, ["Y"])["Y"], rows**2)


def test_the_configured_file_name_is_loaded(tmp_path: Path) -> None:
    save_square(tmp_path / "1" / "square.onnx")
    OnnxRuntimeEngine(declaration(tmp_path, default_model_filename="square.onnx"))


def test_an_output_that_the_graph_lacks_is_an_error_that_names_both(tmp_path: Path) -> None:
    save_square(tmp_path / "1" / "model.onnx", output="Z")
    with pytest.raises(EngineError, match=r"square: .*outputs \['Y'\], the graph has \['Z'\]"):
        OnnxRuntimeEngine(declaration(tmp_path))


def test_a_missing_file_is_an_error_that_names_the_model(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"square: .*model\.onnx"):
        OnnxRuntimeEngine(declaration(tmp_path))


def test_a_thread_count_that_is_no_number_is_an_error(tmp_path: Path) -> None:
    save_square(tmp_path / "1" / "model.onnx")
    parameters = {"intra_op_thread_count": {"string_value": "many"}}
    with pytest.raises(EngineError, match="intra_op_thread_count is no number: 'many'"):
        OnnxRuntimeEngine(declaration(tmp_path, parameters=parameters))


def test_a_gpu_without_the_cuda_provider_is_an_error_that_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onnxruntime.get_available_providers", lambda: ["CPUExecutionProvider"])
    with pytest.raises(EngineError, match="install onnxruntime-gpu"):
        OnnxRuntimeEngine(declaration(tmp_path, kind="GPU"))
