"""The small checkpoints, and each of them exported once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from export.exporter import export_checkpoint
from export.request import ExportRequest, Precision
from tests.checkpoints.fixtures import (
    sd1_inpainting,
    sd1_lcm,
    sd1_plain,
    sd2_inpainting,
    sdxl_inpainting,
)
from tests.export.published import Published

__all__ = ["sd1_inpainting", "sd1_lcm", "sd1_plain", "sd2_inpainting", "sdxl_inpainting"]

Exporter = Callable[[str, Precision], Published]


@pytest.fixture(scope="session")
def exported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Exporter:
    """Exports a checkpoint, named like its fixture, when it is first asked for."""
    repository = tmp_path_factory.mktemp("exported") / "models"
    done: dict[str, Published] = {}

    def export(name: str, precision: Precision = Precision.FP32) -> Published:
        model_id = f"{name.replace('_', '-')}-{precision}"
        if model_id not in done:
            checkpoint: Path = request.getfixturevalue(name)
            export_checkpoint(ExportRequest(str(checkpoint), model_id, repository, precision))
            done[model_id] = Published(checkpoint, repository, model_id)
        return done[model_id]

    return export
