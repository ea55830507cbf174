"""Usage as a table for the terminal."""

from collections.abc import Sequence

from rich.table import Table

from frontend.command_line.moments import shown
from frontend.command_line.tables import cell, new_table
from frontend.usage.report import By, UsageLine

_COUNTS = ("images", "requests", "refused", "failed", "left")


def usage_table(by: By, lines: Sequence[UsageLine]) -> Table:
    """Return one row per key, user or day."""
    table = new_table(by, *(("name",) if by == "key" else ()))
    for count in _COUNTS:
        table.add_column(count, justify="right")
    table.add_column("mean time", justify="right")
    table.add_column("last")
    for line in lines:
        names = [line.group or "-", *((line.name or "-",) if by == "key" else ())]
        counts = [str(getattr(line, count)) for count in _COUNTS]
        seconds = "-" if line.mean_seconds is None else f"{line.mean_seconds:.1f} s"
        table.add_row(*map(cell, names), *counts, seconds, shown(line.last_at))
    return table
