"""The small checkpoints, each exported once and into a repository of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.export.published import Published

Exporter = Callable[..., "Published"]
BUILT_IN = Path(__file__).parents[2] / "training" / "checkpoint"


@pytest.fixture(scope="session")
def built_in() -> Path:
    """The built-in model's checkpoint: the only trained one."""
    return BUILT_IN


@pytest.fixture(scope="session")
def exported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Exporter:
    """Exports a checkpoint, named like its fixture, when it is first asked for."""
    # Imported here because this module is loaded in every test session.
    from export.exporter import export_checkpoint
    from export.request import Engine, ExportRequest, Precision
    from tests.export.published import Published

    root = tmp_path_factory.mktemp("exported")
    done: dict[str, Published] = {}

    def export(
        name: str,
        precision: Precision = Precision.FP32,
        engine: Engine = Engine.ONNXRUNTIME,
        cache_interval: int = 1,
    ) -> Published:
        model_id = f"{name.replace('_', '-')}-{precision}"
        if engine is not Engine.ONNXRUNTIME:
            model_id += f"-{engine}"
        if cache_interval > 1:
            model_id += f"-every-{cache_interval}"
        if model_id not in done:
            checkpoint: Path = request.getfixturevalue(name)
            repository = root / model_id
            wanted = ExportRequest(
                str(checkpoint),
                model_id,
                repository,
                precision,
                engine,
                cache_interval=cache_interval,
            )
            export_checkpoint(wanted)
            done[model_id] = Published(checkpoint, repository, model_id)
        return done[model_id]

    return export
