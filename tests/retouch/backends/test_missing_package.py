"""An engine whose package is not installed."""

import importlib
import sys
from pathlib import Path

import pytest

from retouch.backends.engine import EngineError
from tests.retouch.backends.declarations import declaration
from tests.retouch.triton_models import fake_pb_utils


def test_a_missing_openvino_is_an_error_that_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "triton_python_backend_utils", fake_pb_utils)
    backend = importlib.import_module("retouch.backends.openvino")
    monkeypatch.delitem(sys.modules, "retouch.backends.openvino_engine", raising=False)
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(EngineError, match=r"square: no module openvino: pip install 'retouch"):
        backend.TritonPythonModel().load(declaration(tmp_path))
