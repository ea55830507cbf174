"""The comparison: seconds of each peer, and ours in the same rounds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from rich.table import Column, Table

from benchmarks.peers.programs.task import Task
from benchmarks.peers.turns import Seconds


@dataclass(frozen=True)
class Row:
    """What came of the turns that a peer and this product took.

    Attributes:
        ours: seconds that the product took.
        theirs: that the peer took; nothing if it has failed.
        difference: of the peer's last picture from the first peer's where it is repainted, in
            255ths.
        failure: why it has not done the task, in a line.
    """

    ours: Seconds = field(default_factory=Seconds)
    theirs: Seconds = field(default_factory=Seconds)
    difference: float | None = None
    failure: str = ""


def comparison_table(rows: Mapping[str, Row], ours: str, task: Task, side: int) -> Table:
    """A row for each peer. Above 1 it takes longer than we do in the same round."""
    count = len(task.pictures)
    table = Table(
        "",
        Column("one edit, s / ours", no_wrap=True),
        Column(f"{count} edits, s / ours", no_wrap=True),
        "off",
        title=f"{Path(task.model).name}, {side} px, {task.steps} steps, "
        f"guidance {task.guidance:g}, {task.threads} threads; ours: {ours}",
        caption="\n".join(f"{name}: {row.failure}" for name, row in rows.items() if row.failure),
    )
    for name, row in rows.items():
        alone = _turns(row.theirs.alone, row.ours.alone)
        together = _turns(row.theirs.together, row.ours.together)
        off = "" if row.difference is None else f"{row.difference:.2f}"
        table.add_row(name, "failed" if row.failure else alone, together, off)
    return table


def _turns(theirs: list[float], ours: list[float]) -> str:
    """Both medians, and that of the rounds' ratios."""
    if not theirs:
        return ""
    ratios = [one / other for one, other in zip(theirs, ours, strict=True)]
    spread = (max(ratios) - min(ratios)) / 2
    return f"{median(theirs):.2f} / {median(ours):.2f} = {median(ratios):.2f} ±{spread:.2f}"
