"""Costs of a running product, from closed loads: so many clients, each with one edit at a time."""

from dataclasses import dataclass
from statistics import median

from benchmarks.capacity.costs import Costs
from benchmarks.counters import Counts, difference, loop_counts
from benchmarks.load import Work, measure
from benchmarks.measurement import Measurement
from tests.e2e.product import Product


@dataclass(frozen=True)
class Load:
    """A closed load, and what the loop counted during it."""

    measurement: Measurement
    counts: Counts

    @property
    def rows(self) -> float:
        """Mean rows of a UNet call."""
        return self.counts["ticked_rows"] / self.counts["ticks"]

    @property
    def tick_seconds(self) -> float:
        """Mean time from one step to the next."""
        return self.counts["busy_seconds"] / self.counts["ticks"]


async def calibrate(product: Product, work: Work, concurrencies: tuple[int, ...]) -> Costs:
    """Measure a model's costs.

    Args:
        product: runs already, and has nothing else to do.
        work: the edits; guidance and size are those of the load that is planned for.
        concurrencies: numbers of clients, 1 first.
    """
    await measure(product, work, max(concurrencies))  # first calls of every batch size are slow
    loads = [await _load(product, work, concurrency) for concurrency in concurrencies]
    alone = loads[0]
    loads.sort(key=lambda load: load.rows)
    max_rows = (await loop_counts(product, work.model))["max_rows"]
    return Costs(
        max_rows=round(max_rows),
        rows_per_image=round(alone.counts["ticked_rows"] / alone.counts["ticked_images"]),
        rows=tuple(load.rows for load in loads),
        tick_seconds=tuple(load.tick_seconds for load in loads),
        beside_seconds=median(alone.measurement.latencies) - work.steps * alone.tick_seconds,
    )


async def _load(product: Product, work: Work, concurrency: int) -> Load:
    before = await loop_counts(product, work.model)
    measurement = await measure(product, work, concurrency)
    after = await loop_counts(product, work.model)
    return Load(measurement, difference(after, before))
