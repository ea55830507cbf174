"""The simulation against the product, under the very same arrivals."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rich.table import Table

from benchmarks.capacity.costs import Costs
from benchmarks.capacity.simulation import Outcome
from benchmarks.load import Work
from benchmarks.measurement import Measurement
from benchmarks.traffic import Arrival, poisson


@dataclass(frozen=True)
class Comparison:
    """One load, foretold and measured; `share` is its part of what full calls finish."""

    share: float
    plan: Sequence[Arrival]
    foretold: Outcome
    real: Measurement

    @staticmethod
    def arrivals(costs: Costs, steps: int, share: float, count: int, seed: int) -> list[Arrival]:
        """The load's edits."""
        rate = share * costs.images_per_second(steps)
        return poisson(rate, count, [steps], 1, np.random.default_rng(seed))


def comparison_table(compared: Sequence[Comparison], work: Work) -> Table:
    """Foretold and measured, side by side."""
    table = Table(
        "load",
        "edits/s",
        "median s",
        "foretold",
        "p95 s",
        "foretold",
        "images per UNet call",
        "foretold",
        title=f"{work.model}, {work.side} px, {work.steps} steps, {os.cpu_count()} cores",
    )
    for one in compared:
        rate = len(one.plan) / (one.plan[-1].second - one.plan[0].second)
        table.add_row(
            f"{one.share:.0%}",
            f"{rate:.2f}",
            f"{one.real.percentile(50):.2f}",
            f"{one.foretold.percentile(50):.2f}",
            f"{one.real.percentile(95):.2f}",
            f"{one.foretold.percentile(95):.2f}",
            f"{one.real.images_per_call:.1f}",
            f"{one.foretold.images_per_call:.1f}",
        )
    return table
