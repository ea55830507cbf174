"""`python -m benchmarks.peers CHECKPOINT`: this product through HTTP, and what else there is.

The checkpoint is a diffusers folder of Stable Diffusion inpainting. It is exported for the product
with its default engine and converted for every peer; each peer runs in an environment of its own.
All do the same: pictures in PNG in, pictures in PNG out, what the mask keeps is kept.
"""

import argparse
import json
import platform
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from benchmarks.peers.difference import difference
from benchmarks.peers.ours import Ours
from benchmarks.peers.peer import PEERS
from benchmarks.peers.programs.task import Task, answer_of
from benchmarks.peers.table import Row, comparison_table
from benchmarks.peers.writing import write_task


def main() -> None:
    """Run everybody, ourselves first and last, and print the table."""
    options = _parser().parse_args()
    ours = Ours(options.checkpoint, options.resolution, options.folder.resolve() / "models")
    with tempfile.TemporaryDirectory() as folder:
        task = write_task(options, Path(folder))
        rows = {ours.name: Row(ours.run(task))}
        rows |= _peers(task, Path(folder), options)
        rows[f"{ours.name}, again"] = Row(ours.run(task))
    Console().print(comparison_table(rows, task, options.side))
    _write(options.out, task, rows)


def _peers(task: Task, folder: Path, options: argparse.Namespace) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    reference: Path | None = None
    for number, peer in enumerate(PEERS):
        if options.only and not any(word in peer.name for word in options.only):
            continue
        file = folder / f"task-{number}.json"
        seconds = peer.run(task, file, options.folder)
        reference = reference or answer_of(file)
        off = difference(answer_of(file), reference, Path(task.masks[0]))
        rows[peer.name] = Row(seconds, off)
        print(f"{peer.name}: {rows[peer.name]}", file=sys.stderr)  # noqa: T201 - progress
    return rows


def _write(file: Path, task: Task, rows: Mapping[str, Row]) -> None:
    result = {
        "machine": {"processor": platform.processor(), "threads": task.threads},
        "task": asdict(task),
        "rows": {name: asdict(row) for name, row in rows.items()},
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(result, indent=1) + "\n")


def _parser() -> argparse.ArgumentParser:
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
