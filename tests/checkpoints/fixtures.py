"""Session-scoped fixtures: the folder of each small checkpoint, built at its first use."""

from pathlib import Path

import pytest

from tests.checkpoints import build


@pytest.fixture(scope="session")
def sd1_inpainting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("sd1-inpainting", tmp_path_factory.mktemp("checkpoints") / "sd1-inpainting")


@pytest.fixture(scope="session")
def sd1_plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("sd1-plain", tmp_path_factory.mktemp("checkpoints") / "sd1-plain")


@pytest.fixture(scope="session")
def sd2_inpainting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("sd2-inpainting", tmp_path_factory.mktemp("checkpoints") / "sd2-inpainting")


@pytest.fixture(scope="session")
def sdxl_inpainting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("sdxl-inpainting", tmp_path_factory.mktemp("checkpoints") / "sdxl-inpainting")
