"""The tensors of the requests that perf_analyzer sends, one after the other and again."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from tests.e2e.edits import random_edit


def write_inputs(file: Path, model: str, side: int, steps: int, images: int, count: int) -> None:
    """Write `count` different edits.

    Args:
        file: to write, in perf_analyzer's JSON.
        model: the edits' model.
        side: its working resolution, in pixels.
        steps: denoising steps.
        images: pictures that an edit asks for.
        count: how many edits.
    """
    rng = np.random.default_rng(3)
    edits = [_tensors(rng, model, side, steps, images) for _ in range(count)]
    file.write_text(json.dumps({"data": edits}))


def _tensors(
    rng: np.random.Generator, model: str, side: int, steps: int, images: int
) -> dict[str, Any]:
    edit = random_edit(rng, model, side)
    seeds = rng.integers(2**40, size=images)
    return {
        "IMAGE": _tensor(np.asarray(edit.picture)),
        "MASK": _tensor(np.where(edit.repainted, 255, 0)),
        "PROMPT": {"content": [edit.fields["prompt"]], "shape": [1]},
        "SEED": _tensor(seeds),
        "STEPS": _tensor(np.array([steps])),
    }


def _tensor(values: np.ndarray[Any, Any]) -> dict[str, list[Any]]:
    return {"content": values.ravel().tolist(), "shape": list(values.shape)}
