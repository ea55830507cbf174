"""Session-scoped fixtures: the folder of each small checkpoint, built at its first use."""

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
