"""The soak's outcome as tables, samples and a plot."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from statistics import median, quantiles

from rich.console import Console
from rich.table import Table

from benchmarks.soak.exchanges import LEFT
from benchmarks.soak.plot import plot
from benchmarks.soak.run import Soak
from benchmarks.soak.sample import Sample
from benchmarks.soak.verdict import checks, cores

_console = Console(width=110)


def print_report(soak: Soak) -> None:
    """Print what clients got, what the product held, and what must hold."""
    _console.print(_exchanges(soak), _held(soak), _verdict(soak))
    for surprise in soak.tally.surprises:
        _console.print(surprise, markup=False)


def write_samples(soak: Soak, folder: Path) -> None:
    """Keep the samples, and draw them."""
    samples = [asdict(sample) | {"regions": len(sample.regions)} for sample in soak.samples]
    (folder / "samples.json").write_text(json.dumps(samples) + "\n")
    plot(soak.samples, folder / "soak.svg")
    _console.print(f"Written to {folder}")


def _exchanges(soak: Soak) -> Table:
    table = Table("exchange", "how many", "statuses", "median s", "slowest 5 % s")
    for name, seconds in sorted(soak.tally.seconds.items()):
        statuses = {
            status: n for (who, status), n in sorted(soak.tally.statuses.items()) if who == name
        }
        table.add_row(
            name,
            str(len(seconds)),
            ", ".join(f"{n} x {_status(status)}" for status, n in statuses.items()),
            f"{median(seconds):.2f}",
            f"{quantiles(seconds, n=20)[-1]:.2f}" if len(seconds) > 1 else "",
        )
    return table


def _status(status: int) -> str:
    return "hung up" if status == LEFT else str(status)


_ROWS: dict[str, Callable[[Sample], float]] = {
    "frontend, MiB": lambda sample: sample.processes["frontend"].rss,
    "Triton, MiB": lambda sample: sample.processes["triton"].rss,
    "Python models, MiB": lambda sample: (
        sample.total.rss - sample.processes["frontend"].rss - sample.processes["triton"].rss
    ),
    "descriptors": lambda sample: sample.total.descriptors,
    "threads": lambda sample: sample.total.threads,
    "shared memory, MiB": lambda sample: sample.region_mebibytes,
    "database, MiB": lambda sample: sample.database_mebibytes,
    "results": lambda sample: sample.results,
    "results, MiB": lambda sample: sample.result_mebibytes,
}


def _held(soak: Soak) -> Table:
    table = Table("at rest", "warm", "end", "most under load", title=f"{cores(soak):.2f} cores")
    for name, value in _ROWS.items():
        moments = [sample for sample in (soak.warm, soak.end) if sample is not None]
        numbers = [value(sample) for sample in moments]
        numbers.append(max(value(sample) for sample in soak.samples))
        table.add_row(name, *(f"{number:.1f}".removesuffix(".0") for number in numbers))
    return table


def _verdict(soak: Soak) -> Table:
    table = Table("must hold", "found", "")
    for check in checks(soak):
        table.add_row(check.what, check.found, "yes" if check.holds else "[red]no[/]")
    return table
