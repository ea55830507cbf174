"""A closed load over HTTP: every client sends its next edit when its last is answered."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import numpy as np

from tests.e2e.edits import Edit, post, random_edit
from tests.e2e.product import Product
from tests.e2e.statistics import executions

REQUEST_SECONDS = 600


@dataclass(frozen=True)
class Work:
    """What every client asks for."""

    model: str
    side: int
    steps: int
    edits: int  # in all, at each concurrency


@dataclass(frozen=True)
class Measurement:
    """One load's outcome.

    Attributes:
        concurrency: how many clients.
        seconds: from the first request to the last answer.
        latencies: of each edit, in seconds.
        unet_calls: how often the UNet was executed.
    """

    concurrency: int
    seconds: float
    latencies: tuple[float, ...]
    unet_calls: int

    @property
    def edits_per_second(self) -> float:
        """Throughput."""
        return len(self.latencies) / self.seconds

    def images_per_call(self, steps: int) -> float:
        """How many images shared a UNet call on average; the concurrency if nothing were lost."""
        return len(self.latencies) * steps / self.unet_calls


async def measure(product: Product, work: Work, concurrency: int) -> Measurement:
    """Run the load once."""
    rng = np.random.default_rng(concurrency)
    fields = {"num_inference_steps": work.steps}
    edits = iter([random_edit(rng, work.model, work.side, **fields) for _ in range(work.edits)])
    unet = f"{work.model}.unet"
    before = await executions(product.triton, unet)
    latencies: list[float] = []
    start = time.perf_counter()
    async with httpx.AsyncClient(
        base_url=product.url, headers=product.headers, timeout=REQUEST_SECONDS
    ) as http:
        await asyncio.gather(*(_client(http, edits, latencies) for _ in range(concurrency)))
    seconds = time.perf_counter() - start
    calls = await executions(product.triton, unet) - before
    return Measurement(concurrency, seconds, tuple(latencies), calls)


async def _client(http: httpx.AsyncClient, edits: Iterator[Edit], latencies: list[float]) -> None:
    for edit in edits:
        start = time.perf_counter()
        (await post(http, edit)).raise_for_status()
        latencies.append(time.perf_counter() - start)
