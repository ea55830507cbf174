"""`python -m benchmarks [PART ...]`: what the product does, in one table.

engines        the model's graphs alone, without Triton or HTTP
clients        1, 2, 4, ... clients, each with one edit at a time
images         1 to 10 images of an edit
sizes          pictures of 256 to 1024 pixels
arrivals       edits at random moments, at shares of the highest throughput
perf_analyzer  Triton alone under NVIDIA's perf_analyzer
aiperf         the product under aiperf
peers          what else could be used, with the checkpoint of --checkpoint

Without parts the first five; with --full all, and more of each.
"""

import sys
from collections import defaultdict

from rich.console import Console

from benchmarks.bench import run
from benchmarks.options import parse, setting_of
from benchmarks.report.machine import Machine
from benchmarks.report.row import Row
from benchmarks.report.table import results_table
from benchmarks.report.write import write

TABLE_WIDTH = 160  # where it is not written to a terminal


def main() -> None:
    """Measure, print the table, and write the results with their plots."""
    options = parse(__doc__)
    setting = setting_of(options)
    results: dict[str, list[Row]] = defaultdict(list)
    for part, row in run(setting, options.parts or setting.plan.parts, options.checkpoint):
        results[part].append(row)
        print(f"{part}: {row.load} {row.failure}", file=sys.stderr)  # noqa: T201 - progress
    machine = Machine.here()
    console = Console() if sys.stdout.isatty() else Console(width=TABLE_WIDTH)
    console.print(results_table(results, machine))
    for file in write(results, machine, options.out):
        console.print(f"Written: {file}")


if __name__ == "__main__":
    main()
