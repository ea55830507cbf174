"""The outcomes of all loads, a row each."""

import os
from collections.abc import Sequence
from statistics import median

from rich.table import Table

from benchmarks.load import Work
from benchmarks.perf_analyzer.outcome import Outcome
from benchmarks.perf_analyzer.program import Load


def outcome_table(found: Sequence[tuple[Load, Outcome]], work: Work) -> Table:
    """Latencies, throughput and shared calls."""
    table = Table(
        "load",
        "first picture, s",
        "whole edit, s",
        "95th percentile, s",
        "edits/s",
        "images per UNet call",
        title=f"{work.model}, pictures an edit: {work.images}, {work.steps} steps, "
        f"{os.cpu_count()} cores",
    )
    for load, outcome in found:
        table.add_row(
            str(load),
            f"{median(outcome.first):.2f}",
            f"{outcome.whole.percentile(50):.2f}",
            f"{outcome.whole.percentile(95):.2f}",
            f"{outcome.whole.edits_per_second:.2f}",
            f"{outcome.whole.images_per_call:.2f}",
        )
    return table
