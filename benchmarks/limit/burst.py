"""Edits of different people that are sent in one moment."""

from dataclasses import dataclass

from benchmarks.limit.loop_time import LoopTime, count
from benchmarks.load import Work
from benchmarks.measurement import Measurement
from benchmarks.open_load import send
from benchmarks.traffic import Arrival
from tests.e2e.product import Product


@dataclass(frozen=True)
class Burst:
    """What became of them."""

    measurement: Measurement
    loop: LoopTime

    @property
    def first(self) -> float:
        """Seconds until the first answer."""
        return min(self.measurement.latencies)

    @property
    def last(self) -> float:
        """Seconds until the last."""
        return max(self.measurement.latencies)


async def send_burst(product: Product, work: Work) -> Burst:
    """Send all edits of some work at once."""
    before = await count(product, work.model)
    arrivals = [Arrival(0, work.steps)] * work.edits
    measurement = await send(product, work.model, work.side, arrivals)
    return Burst(measurement, LoopTime.between(before, await count(product, work.model)))
