"""The planned load for real: edits are sent when they are due, whether or not others are done."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

import httpx
import numpy as np

from benchmarks.capacity.loop_counts import difference, loop_counts
from benchmarks.capacity.traffic import Arrival
from benchmarks.load import REQUEST_SECONDS
from tests.e2e.edits import Edit, post, random_edit
from tests.e2e.product import Product


@dataclass(frozen=True)
class Reality:
    """What a load came to: seconds of each edit, and mean images of a UNet call."""

    latencies: tuple[float, ...]
    images_per_call: float


async def send(product: Product, model: str, side: int, arrivals: Sequence[Arrival]) -> Reality:
    """Send all edits of a plan, one image each, and wait for their answers."""
    rng = np.random.default_rng(7)
    edits = [
        random_edit(rng, model, side, num_inference_steps=arrival.steps) for arrival in arrivals
    ]
    before = await loop_counts(product, model)
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(
        base_url=product.url, headers=product.headers, timeout=REQUEST_SECONDS, limits=limits
    ) as http:
        begin = time.perf_counter()
        sending = [
            _send(http, edit, begin + arrival.second)
            for edit, arrival in zip(edits, arrivals, strict=True)
        ]
        latencies = await asyncio.gather(*sending)
    counts = difference(await loop_counts(product, model), before)
    return Reality(tuple(latencies), counts["ticked_images"] / counts["ticks"])


async def _send(http: httpx.AsyncClient, edit: Edit, due: float) -> float:
    await asyncio.sleep(due - time.perf_counter())
    (await post(http, edit)).raise_for_status()
    return time.perf_counter() - due
