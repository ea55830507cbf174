"""Calls that OpenVINO computes in two halves."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from retouch.backends import openvino_engine
from retouch.backends.engine import Array, EngineError
from retouch.backends.openvino_engine import OpenVinoEngine
from retouch.backends.openvino_halves import PARAMETER, Halves
from tests.retouch.backends.declarations import declaration, parameters
from tests.retouch.backends.graphs import save_sum

COLUMNS = 5
INPUTS: dict[str, Any] = {"input": [{"name": "X"}, {"name": "V"}]}
SIZES = {"X": [COLUMNS], "V": [COLUMNS]}


def engine_of(folder: Path, halves: dict[str, Any]) -> OpenVinoEngine:
    """One that adds X and V, each (rows, columns)."""
    save_sum(folder / "1" / "model.onnx")
    return OpenVinoEngine(
        declaration(folder, **INPUTS, **parameters(**{PARAMETER: json.dumps(halves)}))
    )


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Rows of each call in halves."""
    seen: list[int] = []

    class Counted(Halves):
        def run(self, *arguments: Any) -> dict[str, Array]:
            seen.append(self.rows)
            return super().run(*arguments)

    monkeypatch.setattr(openvino_engine, "Halves", Counted)
    return seen


@pytest.mark.parametrize(
    ("rows", "halved"),
    [
        (1, []),
        (5, []),
        (6, [6]),
        (15, [6, 6]),
    ],
)
def test_rows_are_computed_in_halves_as_far_as_they_fit_and_the_rest_whole(
    tmp_path: Path, calls: list[int], rows: int, halved: list[int]
) -> None:
    engine = engine_of(tmp_path, {"rows": 3, **SIZES})
    x, v = np.random.default_rng(rows).standard_normal((2, rows, COLUMNS), np.float32)
    for _ in range(2):
        np.testing.assert_array_equal(engine.run({"X": x, "V": v}, ["Y"])["Y"], x + v)
    assert calls == halved * 2


def test_inputs_of_other_sizes_are_computed_whole(tmp_path: Path, calls: list[int]) -> None:
    engine = engine_of(tmp_path, {"rows": 1, **SIZES})
    ones = np.ones((4, COLUMNS + 1), np.float32)
    assert (engine.run({"X": ones, "V": ones}, ["Y"])["Y"] == 2).all()
    assert calls == []


@pytest.mark.parametrize(
    ("halves", "message"),
    [
        (SIZES, "rows"),
        ({"rows": 0, **SIZES}, r"X is of shape .*, not \[0, 5\]"),
        ({"rows": 1}, "(?s:.*)Cannot get length of dynamic dimension"),
        ({"rows": 1, "X": [2, 3], "V": [2, 3]}, r"X is of shape .*, not \[1, 2, 3\]"),
    ],
)
def test_a_parameter_that_does_not_fit_the_graph_is_told(
    tmp_path: Path, halves: dict[str, Any], message: str
) -> None:
    with pytest.raises(
        EngineError, match=f"square: {PARAMETER} does not fit the graph: .*{message}"
    ):
        engine_of(tmp_path, halves)


def test_halves_are_kept_compiled_beside_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    monkeypatch.setenv("RETOUCH_ENGINE_CACHE", str(cache))
    engine_of(tmp_path, {"rows": 3, **SIZES})
    assert sorted(path.name for path in cache.iterdir()) == ["square", "square.halves"]
    blobs = {blob: blob.stat().st_mtime_ns for blob in cache.rglob("*.blob")}
    assert len(blobs) == 2
    OpenVinoEngine(
        declaration(
            tmp_path, **INPUTS, **parameters(**{PARAMETER: json.dumps({"rows": 3, **SIZES})})
        )
    )
    assert {blob: blob.stat().st_mtime_ns for blob in cache.rglob("*.blob")} == blobs
