"""The table to plan by."""

from collections.abc import Sequence

import numpy as np
from rich.table import Table

from benchmarks.capacity.costs import Costs
from benchmarks.capacity.simulation import simulate
from benchmarks.traffic import poisson

EDITS = 4000
SEED = 11


def plan_table(
    costs: Costs, rates: Sequence[float], steps: Sequence[int], gpus: Sequence[int]
) -> Table:
    """What numbers of GPUs make of rates of edits per second, one image each.

    Where more comes than can be done, the queue grows for as long as the load lasts, and the
    latencies with it: such rows say "overloaded" instead.
    """
    title = f"{EDITS} edits at random moments, {' or '.join(map(str, steps))} steps"
    table = Table(
        "GPUs", "edits/s", "busy", "images per UNet call", "p50 s", "p95 s", "p99 s", title=title
    )
    most = costs.images_per_second(round(float(np.mean(steps))))
    for count in gpus:
        for rate in rates:
            arrivals = poisson(rate, EDITS, steps, 1, np.random.default_rng(SEED))
            outcome = simulate(arrivals, costs, count)
            latencies = [f"{outcome.percentile(percent):.2f}" for percent in (50, 95, 99)]
            if rate > count * most:
                latencies = ["overloaded", "", ""]
            table.add_row(
                str(count),
                f"{rate:g}",
                f"{outcome.busy:.0%}",
                f"{outcome.images_per_call:.1f}",
                *latencies,
            )
    return table
