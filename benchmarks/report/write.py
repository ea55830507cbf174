"""Results as files."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from benchmarks.report.figures import draw
from benchmarks.report.machine import Machine
from benchmarks.report.row import Results

FILE: Final = "results.json"
DIGITS: Final = 5  # of seconds


def write(results: Results, machine: Machine, folder: Path) -> list[Path]:
    """Write everything that was measured, with the machine, as JSON; and the plots."""
    folder.mkdir(parents=True, exist_ok=True)
    found = {
        "machine": asdict(machine),
        "parts": {part: [asdict(row) for row in rows] for part, rows in results.items()},
    }
    (folder / FILE).write_text(json.dumps(_rounded(found), indent=1) + "\n")
    return [folder / FILE, *draw(results, folder)]


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DIGITS)
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return value
