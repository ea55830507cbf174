"""Edits of people who know nothing of each other: Poisson arrivals at shares of the peak."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.load import Work
from benchmarks.measurement import Measurement
from benchmarks.open_load import send
from benchmarks.traffic import poisson
from tests.e2e.product import Product

SEED = 5


@dataclass(frozen=True)
class PoissonLoad:
    """Edits that come at random moments, whether or not others are answered.

    Attributes:
        share: of the highest throughput that clients who wait for their answers have reached.
        per_second: edits on average.
    """

    share: float
    per_second: float

    def __str__(self) -> str:
        return f"Poisson, {self.share:.0%} of the peak: {self.per_second:.2f} edits/s"


def run_arrivals(
    product: Product, work: Work, peak: float, shares: Sequence[float]
) -> Iterator[tuple[PoissonLoad, Measurement]]:
    """Send one load after the other.

    Args:
        product: runs already.
        work: the edits of each load.
        peak: edits per second.
        shares: of it.
    """
    for share in shares:
        load = PoissonLoad(share, share * peak)
        rng = np.random.default_rng(SEED)
        arrivals = poisson(load.per_second, work.edits, [work.steps], work.images, rng)
        yield load, asyncio.run(send(product, work.model, work.side, arrivals))
