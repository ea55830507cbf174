"""`python -m benchmarks.peers CHECKPOINT`: this product through HTTP, and what else there is.

The checkpoint is a diffusers folder of Stable Diffusion inpainting. It is exported for the product
with its default engine and converted for every peer; each peer runs in an environment of its own.
All do the same: pictures in PNG in, pictures in PNG out, what the mask keeps is kept.
"""

import argparse
import json
import platform
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from benchmarks.peers.comparison import compare
from benchmarks.peers.programs.task import Task
from benchmarks.peers.table import Row, comparison_table


def main() -> None:
    """Run everybody, ourselves first and last, and print the table."""
    options = parser().parse_args()
    task, rows = compare(options)
    Console().print(comparison_table(rows, task, options.side))
    _write(options.out, task, rows)


def _write(file: Path, task: Task, rows: Mapping[str, Row]) -> None:
    result = {
        "machine": {"processor": platform.processor(), "threads": task.threads},
        "task": asdict(task),
        "rows": {name: asdict(row) for name, row in rows.items()},
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(result, indent=1) + "\n")


def parser() -> argparse.ArgumentParser:
    """The command line's, whose defaults are what is compared."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument(
        "--side", type=int, choices=(256, 512, 1024), default=256, help="of pictures and results"
    )
    parser.add_argument("--resolution", type=int, default=256, help="this product's, of its window")
    parser.add_argument("--mask", type=float, default=0.25, help="share of the canvas")
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--guidance", type=float, default=7.5)
    parser.add_argument("--edits", type=int, default=8, help="edits that are sent together")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="*", help="peers whose names hold one of these words")
    parser.add_argument(
        "--folder", type=Path, default=Path("build/peers"), help="kept between runs"
    )
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/peers.json"))
    return parser


if __name__ == "__main__":
    main()
