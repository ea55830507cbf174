"""`python -m benchmarks.peers CHECKPOINT`: this product through HTTP, and what else there is.

The checkpoint is a diffusers folder of Stable Diffusion inpainting. It is exported for the product
with its default engine and converted for every peer; each peer runs in an environment of its own.
All do the same: pictures in PNG in, pictures in PNG out, what the mask keeps is kept.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from benchmarks.peers.comparison import compare
from benchmarks.peers.options import peers_parser
from benchmarks.peers.programs.task import Task
from benchmarks.peers.table import Row, comparison_table
from benchmarks.report.machine import Machine


def main() -> None:
    """Take turns with everybody, and print the table."""
    options = peers_parser(__doc__).parse_args()
    task, ours, rows = compare(options)
    Console().print(comparison_table(rows, ours, task, options.side))
    _write(options.out, task, rows)


def _write(file: Path, task: Task, rows: Mapping[str, Row]) -> None:
    result = {
        "machine": asdict(Machine.here()),
        "task": asdict(task),
        "rows": {name: asdict(row) for name, row in rows.items()},
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
