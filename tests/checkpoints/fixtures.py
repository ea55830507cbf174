"""Session-scoped fixtures: the folder of each small checkpoint, built at its first use."""

import shutil
from pathlib import Path

import pytest


def _built(name: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    # Imported here because this module is loaded in every test session.
    import torch

    from tests.checkpoints import build

    torch.set_num_threads(1)  # the networks are small: threads would only wait for each other
    return build(name, tmp_path_factory.mktemp("checkpoints") / name)


@pytest.fixture(scope="session")
def sd1_inpainting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _built("sd1-inpainting", tmp_path_factory)


@pytest.fixture(scope="session")
def sd1_plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _built("sd1-plain", tmp_path_factory)


@pytest.fixture(scope="session")
def sd2_inpainting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _built("sd2-inpainting", tmp_path_factory)


@pytest.fixture(scope="session")
def sdxl_inpainting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _built("sdxl-inpainting", tmp_path_factory)


@pytest.fixture(scope="session")
def sd1_lcm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _built("sd1-lcm", tmp_path_factory)


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
    from safetensors.torch import load_file, save_file

    shutil.copytree(checkpoint, folder)
    (weights,) = (folder / "unet").glob("*.safetensors")
    calm = {name: w * share if w.ndim > 1 else w for name, w in load_file(weights).items()}
    save_file(calm, weights, metadata={"format": "pt"})
    return folder
