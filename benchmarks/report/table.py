"""All rows under one another."""

from rich.table import Column, Table

from benchmarks.report.falls import falls
from benchmarks.report.machine import Machine
from benchmarks.report.row import Results, Row


def results_table(results: Results, machine: Machine) -> Table:
    """The table; a line parts the parts, and below it is where throughput falls most."""
    table = Table(
        "command",
        "checkpoint",
        "threads",
        "engine",
        "load",
        Column("median s", justify="right"),
        Column("p95 s", justify="right"),
        Column("images/s", justify="right"),
        Column("images per UNet call", justify="right"),
        title=str(machine),
        caption="\n".join(falls(results)),
    )
    for rows in results.values():
        for row in rows:
            table.add_row(*_cells(row), end_section=row is rows[-1])
    return table


def _cells(row: Row) -> list[str]:
    who = row.subject
    named = [row.command, who.checkpoint, str(who.threads), who.engine, row.load]
    if row.measurement is None:
        return [*named[:-1], f"{row.load}: {row.failure}"]
    shared = row.measurement.images_per_call
    return [
        *named,
        f"{row.measurement.percentile(50):#.3g}",
        f"{row.measurement.percentile(95):#.3g}",
        f"{row.measurement.images_per_second:#.3g}",
        "" if shared is None else f"{shared:.2f}",
    ]
