"""The small checkpoints, each exported once and into a repository of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.export.published import Published

Exporter = Callable[..., "Published"]


@pytest.fixture(scope="session")
def exported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Exporter:
    """Exports a checkpoint, named like its fixture, when it is first asked for."""
    # Imported here because this module is loaded in every test session.
    from export.exporter import export_checkpoint
    from export.request import ExportRequest, Precision
    from tests.export.published import Published

    root = tmp_path_factory.mktemp("exported")
    done: dict[str, Published] = {}

    def export(name: str, precision: Precision = Precision.FP32) -> Published:
        model_id = f"{name.replace('_', '-')}-{precision}"
        if model_id not in done:
            checkpoint: Path = request.getfixturevalue(name)
            repository = root / model_id
            export_checkpoint(ExportRequest(str(checkpoint), model_id, repository, precision))
            done[model_id] = Published(checkpoint, repository, model_id)
        return done[model_id]

    return export
