"""An open load over HTTP: edits are sent when they are due, whether or not others are done."""

import asyncio
import time
from collections.abc import Sequence

import httpx
import numpy as np

from benchmarks.load import observe
from benchmarks.measurement import Measurement
from benchmarks.traffic import Arrival
from tests.e2e.edits import Edit, post, random_edit
from tests.e2e.product import Product


async def send(product: Product, model: str, side: int, arrivals: Sequence[Arrival]) -> Measurement:
    """Send all edits of a plan and wait for their answers; latencies count from when one is due."""
    rng = np.random.default_rng(7)
    edits = [
        random_edit(rng, model, side, num_inference_steps=arrival.steps, n=arrival.images)
        for arrival in arrivals
    ]

    async def send_all(http: httpx.AsyncClient) -> Sequence[float]:
        begin = time.perf_counter()
        due = (begin + arrival.second for arrival in arrivals)
        return await asyncio.gather(*map(_send, [http] * len(edits), edits, due))

    return await observe(product, model, edits, send_all)


async def _send(http: httpx.AsyncClient, edit: Edit, due: float) -> float:
    await asyncio.sleep(due - time.perf_counter())
    (await post(http, edit)).raise_for_status()
    return time.perf_counter() - due
