"""The comparison: seconds, and everything in ours."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Self

from rich.table import Column, Table

from benchmarks.peers.programs.task import Seconds, Task


@dataclass(frozen=True)
class Row:
    """What one of them has done.

    Attributes:
        seconds: that it took; nothing if it has failed.
        difference: of its first picture from the first peer's where it is repainted, in 255ths;
            None = it draws other noise, so its picture is another.
        failure: why it has not done the task, in a line.
    """

    seconds: Seconds
    difference: float | None = None
    failure: str = ""

    @classmethod
    def failed(cls, failure: str) -> Self:
        """Of a peer that has not done the task."""
        return cls({"alone": [], "together": []}, failure=failure)


def comparison_table(rows: Mapping[str, Row], task: Task, side: int) -> Table:
    """A row for each; the first is ours. Above 1 a peer takes longer, or does more in a second."""
    count = len(task.pictures)
    table = Table(
        Column("", no_wrap=True),
        "one edit, s",
        "/ ours",
        f"{count} edits, s",
        "rate / ours",
        "off",
        title=f"{Path(task.model).name}, {side} px, {task.steps} steps, "
        f"guidance {task.guidance:g}, {task.threads} threads",
        caption="\n".join(f"{name}: {row.failure}" for name, row in rows.items() if row.failure),
    )
    ours = next(iter(rows.values())).seconds
    for name, row in rows.items():
        table.add_row(name, *_alone(row, ours), *_together(row, ours), _difference(row))
    return table


def _alone(row: Row, ours: Seconds) -> tuple[str, str]:
    one = row.seconds["alone"]
    if not one:
        return ("failed", "")
    middle, spread = median(one), (max(one) - min(one)) / 2
    return f"{middle:.2f} ±{spread / middle:.0%}", f"{middle / median(ours['alone']):.2f}"


def _together(row: Row, ours: Seconds) -> tuple[str, str]:
    every = row.seconds["together"]
    if not every:
        return ("", "")
    return f"{median(every):.2f}", f"{median(ours['together']) / median(every):.2f}"


def _difference(row: Row) -> str:
    return "" if row.difference is None else f"{row.difference:.2f}"
