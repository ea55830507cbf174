"""A closed load over HTTP: every client sends its next edit when its last is answered."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

import httpx
import numpy as np

from benchmarks.measurement import Measurement
from tests.e2e.edits import Edit, post, random_edit
from tests.e2e.product import Product
from tests.e2e.statistics import executions

REQUEST_SECONDS = 600
CLIENTS_AT_PEAK = 16  # as many guided edits as the frontend sends to a model of 16 rows

Send = Callable[[httpx.AsyncClient], Awaitable[Sequence[float]]]
"""Sends all edits of a load, and answers with the latency of each."""


@dataclass(frozen=True)
class Work:
    """What every client asks for.

    Attributes:
        model: that paints.
        side: of picture and result, in pixels.
        steps: denoising steps of each image.
        edits: of all clients together.
        images: pictures of each edit (`n`).
    """

    model: str
    side: int
    steps: int
    edits: int
    images: int = 1


async def measure(product: Product, work: Work, concurrency: int) -> Measurement:
    """Run a closed load of so many clients once."""
    rng = np.random.default_rng(concurrency)
    fields = {"num_inference_steps": work.steps, "n": work.images}
    edits = [random_edit(rng, work.model, work.side, **fields) for _ in range(work.edits)]

    async def send(http: httpx.AsyncClient) -> Sequence[float]:
        latencies: list[float] = []
        coming = iter(edits)
        await asyncio.gather(*(send_in_turn(http, coming, latencies) for _ in range(concurrency)))
        return latencies

    return await observe(product, work.model, edits, send)


async def observe(product: Product, model: str, edits: Sequence[Edit], send: Send) -> Measurement:
    """Let edits of a model be sent, and note what comes of them."""
    unet = f"{model}.unet"
    before = await executions(product.triton, unet)
    start = time.perf_counter()
    async with connected(product) as http:
        latencies = await send(http)
    seconds = time.perf_counter() - start
    calls = await executions(product.triton, unet) - before
    images = [int(edit.fields.get("n", 1)) for edit in edits]
    steps = [int(edit.fields["num_inference_steps"]) for edit in edits]
    image_steps = sum(n * each for n, each in zip(images, steps, strict=True))
    return Measurement(seconds, tuple(latencies), sum(images), image_steps, calls)


def connected(product: Product) -> httpx.AsyncClient:
    """A client of a product, with its key, for as many edits at a time as are sent."""
    return httpx.AsyncClient(
        base_url=product.url,
        headers=product.headers,
        timeout=REQUEST_SECONDS,
        limits=httpx.Limits(max_connections=None),
    )


async def send_in_turn(
    http: httpx.AsyncClient, edits: Iterator[Edit], latencies: list[float]
) -> None:
    """What a client does that sends its next edit when its last is answered."""
    for edit in edits:
        start = time.perf_counter()
        (await post(http, edit)).raise_for_status()
        latencies.append(time.perf_counter() - start)
