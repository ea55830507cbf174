"""A machine with TensorRT and an H100, as far as an export sees it."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

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


@pytest.fixture(scope="session")
def sdxl_calm(sdxl_inpainting: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _calmed(sdxl_inpainting, tmp_path_factory.mktemp("calm") / "sdxl-calm", 0.7)


@pytest.fixture(scope="session")
def sd1_calm(sd1_inpainting: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _calmed(sd1_inpainting, tmp_path_factory.mktemp("calm") / "sd1-calm", 0.5)


def _calmed(checkpoint: Path, folder: Path, share: float) -> Path:
    """A copy whose UNet has smaller weights.

    Random weights magnify rounding by far more than trained ones do, and an export refuses them.
    """
    shutil.copytree(checkpoint, folder)
    (weights,) = (folder / "unet").glob("*.safetensors")
    calm = {name: w * share if w.ndim > 1 else w for name, w in load_file(weights).items()}
    save_file(calm, weights, metadata={"format": "pt"})
    return folder
