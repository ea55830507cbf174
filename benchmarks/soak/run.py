"""One soak: the product, its load, and samples of what it holds."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from benchmarks.soak.load import Tally, fill, send_load
from benchmarks.soak.sample import SHARED_MEMORY, Sample, take_sample
from benchmarks.soak.visitor import Keys, Visitor
from tests.e2e.product import Product, create_key, running

USUAL_KEYS = 3
TIGHT_LIMIT = ("--requests-per-minute", "2")
WARM_UP_SHARE = 1 / 6  # of the whole time
SAMPLE_SECONDS = 10
REST_SECONDS = 20  # idle connections and previews are given up meanwhile
REQUEST_SECONDS = 120
# Results are swept while the load goes on.
SETTINGS = {"RETOUCH_RESULT_LIFETIME_SECONDS": "600", "RETOUCH_SWEEP_INTERVAL_SECONDS": "30"}


@dataclass
class Soak:
    """What was seen.

    Attributes:
        tally: what the exchanges came to.
        samples: while the load went on, those of the warm-up too.
        warm: at rest, after the warm-up.
        end: at rest, after the load.
        left_regions: shared memory that the product has left behind at its stop.
    """

    tally: Tally = field(default_factory=Tally)
    samples: list[Sample] = field(default_factory=list)
    warm: Sample | None = None
    end: Sample | None = None
    left_regions: frozenset[str] = frozenset()


def soak(home: Path, minutes: float, rate: float) -> Soak:
    """Start the product, load it for `minutes` with `rate` exchanges a second, and stop it."""
    result = Soak()
    with running(home, [Path("model_repository")], environment=SETTINGS) as product:
        asyncio.run(_load(product, result, 60 * minutes, rate))
    names = {path.name for path in SHARED_MEMORY.iterdir()}
    result.left_regions = frozenset(names & result.samples[-1].regions)
    return result


async def _load(product: Product, result: Soak, seconds: float, rate: float) -> None:
    usual = [create_key(product.home) for _ in range(USUAL_KEYS)]
    keys = Keys(usual, create_key(product.home, *TIGHT_LIMIT))
    warm_up_seconds = WARM_UP_SHARE * seconds
    async with _sampling(product, result.samples):
        async with httpx.AsyncClient(base_url=product.url, timeout=REQUEST_SECONDS) as http:
            await fill(Visitor(http, keys), result.tally)
        result.warm = await _part(product, keys, result.tally, rate, warm_up_seconds)
        result.end = await _part(product, keys, result.tally, rate, seconds - warm_up_seconds)


async def _part(product: Product, keys: Keys, tally: Tally, rate: float, seconds: float) -> Sample:
    """Load the product for a while and let it rest; what it holds then."""
    async with httpx.AsyncClient(base_url=product.url, timeout=REQUEST_SECONDS) as http:
        await send_load(Visitor(http, keys), tally, rate, seconds)
    await asyncio.sleep(REST_SECONDS)
    return await asyncio.to_thread(take_sample, product)


@contextlib.asynccontextmanager
async def _sampling(product: Product, samples: list[Sample]) -> AsyncIterator[None]:
    async def sample() -> None:
        while True:
            samples.append(await asyncio.to_thread(take_sample, product))
            await asyncio.sleep(SAMPLE_SECONDS)

    sampling = asyncio.create_task(sample())
    try:
        yield
    finally:
        sampling.cancel()
