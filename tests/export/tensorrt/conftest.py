"""A machine with TensorRT and an H100, as far as an export sees it."""

import sys
from collections.abc import Callable

import pytest

from export.request import Engine, Precision
from tests.export.fixtures import Exporter
from tests.export.published import Published
from tests.export.tensorrt.fake_tensorrt import FakeTensorRt
from tests.retouch.plans.fake_driver import H100, install

PlanExporter = Callable[..., Published]


@pytest.fixture
def tensorrt(monkeypatch: pytest.MonkeyPatch) -> FakeTensorRt:
    """The stand-in, in place for one test."""
    module = FakeTensorRt()
    _install(monkeypatch, module)
    return module


def _install(patch: pytest.MonkeyPatch, module: FakeTensorRt) -> None:
    patch.setitem(sys.modules, "tensorrt", module)
    patch.delenv("RETOUCH_ENGINE_CACHE", raising=False)
    install(patch, [H100], (10, 15, 1))


@pytest.fixture(scope="session")
def planned(exported: Exporter) -> PlanExporter:
    """Exports a checkpoint for TensorRT, once."""

    def export(name: str, precision: Precision = Precision.FP16) -> Published:
        with pytest.MonkeyPatch.context() as patch:
            _install(patch, FakeTensorRt())
            return exported(name, precision, Engine.TENSORRT)

    return export
