"""`python -m benchmarks.window`: how much of the canvas is the model best shown?

The built-in model removes things and draws some, in windows that are chosen by the product's rule
and by others, from the same noise. Every window costs the same, for it is scaled to the model's
resolution R; the whole canvas of S pixels unscaled would cost (S / R)^2 of it.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
from rich.console import Console

from benchmarks.local.networks import built_in_painter, model_of, published_engines
from benchmarks.window.quality import JUDGES, compare
from benchmarks.window.rules import RULES
from benchmarks.window.scenes import scenes_of
from benchmarks.window.table import Case, case_table
from export.request import Engine, Precision
from tests.export.published import Published
from training.ship import CHECKPOINT, MODEL_ID, REPOSITORY

SIDES = (256, 512, 1024)
SHARES = (0.02, 0.1, 0.25)  # around a hole of everything there is one window only


def main() -> None:
    """Edit everything, print a table for each size and write them as JSON."""
    options = _parser().parse_args()
    results = []
    for case in _cases(options):
        Console().print(case_table(case))
        results.append(asdict(case))
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(json.dumps(results, indent=1, default=np.ndarray.tolist) + "\n")


def _cases(options: argparse.Namespace) -> Iterator[Case]:
    published = Published(CHECKPOINT, REPOSITORY, MODEL_ID)
    engines = published_engines(published, Engine.ONNXRUNTIME, Precision.FP32)
    painter = built_in_painter(model_of(published), engines)
    for side in options.sides:
        for share in options.shares:
            edits = {
                task: compare(painter, task, scenes_of(task, options.edits, side, share), RULES)
                for task in JUDGES
            }
            yield Case(side, share, edits)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.window", description=__doc__)
    parser.add_argument("--sides", type=int, nargs="+", default=SIDES, help="canvases, in pixels")
    parser.add_argument("--shares", type=float, nargs="+", default=SHARES, help="of masks")
    parser.add_argument("--edits", type=int, default=40, help="of each task, size and rule")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/window.json"))
    return parser


if __name__ == "__main__":
    main()
