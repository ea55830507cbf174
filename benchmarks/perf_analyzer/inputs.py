"""The tensors of the requests that perf_analyzer sends, one after the other and again."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.load import Work
from tests.e2e.edits import random_edit


def write_inputs(file: Path, work: Work, count: int) -> None:
    """Write `count` different edits to a file, in perf_analyzer's JSON."""
    rng = np.random.default_rng(3)
    edits = [_tensors(rng, work) for _ in range(count)]
    file.write_text(json.dumps({"data": edits}))


def _tensors(rng: np.random.Generator, work: Work) -> dict[str, Any]:
    edit = random_edit(rng, work.model, work.side)
    seeds = rng.integers(2**40, size=work.images)
    return {
        "IMAGE": _tensor(np.asarray(edit.picture)),
        "MASK": _tensor(np.where(edit.repainted, 255, 0)),
        "PROMPT": {"content": [edit.fields["prompt"]], "shape": [1]},
        "SEED": _tensor(seeds),
        "STEPS": _tensor(np.array([work.steps])),
    }


def _tensor(values: np.ndarray[Any, Any]) -> dict[str, list[Any]]:
    return {"content": values.ravel().tolist(), "shape": list(values.shape)}
