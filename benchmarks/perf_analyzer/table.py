"""The outcomes of all loads, a row each."""

import os
from collections.abc import Sequence
from statistics import median, quantiles

from rich.table import Table

from benchmarks.perf_analyzer.outcome import Outcome
from benchmarks.perf_analyzer.program import Load


def outcome_table(
    found: Sequence[tuple[Load, Outcome]], model: str, images: int, steps: int
) -> Table:
    """Latencies, throughput and shared calls."""
    table = Table(
        "load",
        "first picture, s",
        "whole edit, s",
        "95th percentile, s",
        "edits/s",
        "images per UNet call",
        title=f"{model}, pictures an edit: {images}, {steps} steps, {os.cpu_count()} cores",
    )
    for load, outcome in found:
        table.add_row(
            f"clients: {load.clients}" if load.clients else f"Poisson: {load.per_second:.2f}/s",
            f"{median(outcome.first):.2f}",
            f"{median(outcome.last):.2f}",
            f"{quantiles(outcome.last, n=20)[-1]:.2f}",
            f"{outcome.edits_per_second:.2f}",
            f"{outcome.images_per_call(images, steps):.2f}",
        )
    return table
