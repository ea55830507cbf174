"""Clients that leave at any moment, streaming or not, leave nothing behind."""

import asyncio
import time
from typing import Any

import httpx
import numpy as np

from tests.e2e.edits import post, random_edit
from tests.e2e.leavers import Leaver, request_of
from tests.e2e.load import load
from tests.e2e.models import SMALL
from tests.e2e.product import Product
from tests.e2e.statistics import executions
from tests.telemetry.scrape import Scrape

LEAVERS = 1000
AT_ONCE = 16
STEPS = 100
STREAM = {"stream": "true", "progress": "true", "partial_images": 2}


def requests_of(product: Product, rng: np.random.Generator, **fields: Any) -> list[bytes]:
    """Requests for one, two and three pictures; they take a while if the fields do not say else."""
    fields = {"num_inference_steps": STEPS} | fields
    return [request_of(product, random_edit(rng, SMALL, n=n, **fields)) for n in (1, 2, 3)]


async def given_up(product: Product) -> float:
    """How many edits were accepted and then ended because their client left."""
    async with httpx.AsyncClient(base_url=product.metrics[0].removesuffix("/metrics")) as page:
        return await Scrape(page).value("retouch_edits_cancelled_total", model=SMALL)


async def test_1000_random_disconnects_leave_no_place_taken_and_no_image_alive(
    http: httpx.AsyncClient, product: Product
) -> None:
    rng = np.random.default_rng(200)
    begun = time.monotonic()
    whole = await post(http, random_edit(rng, SMALL, n=3, num_inference_steps=STEPS))
    assert whole.status_code == httpx.codes.OK
    leaver = Leaver(product, rng, longest_stay_seconds=time.monotonic() - begun)
    plain = requests_of(product, rng)
    streamed = requests_of(product, rng, **STREAM)
    quick = requests_of(product, rng, num_inference_steps=1)
    ways = [
        (leaver.in_head, plain),
        (leaver.in_body, streamed),
        (leaver.waiting, plain),
        (leaver.waiting, streamed),
        (leaver.between_events, streamed),
        (leaver.in_answer, quick),
    ]
    at_once = asyncio.Semaphore(AT_ONCE)

    async def visit(number: int) -> None:
        leave, requests = ways[number % len(ways)]
        async with at_once:
            await leave(requests[rng.integers(len(requests))])

    before = await given_up(product)
    await asyncio.gather(*map(visit, range(LEAVERS)))
    assert leaver.refused < LEAVERS / 20
    assert await given_up(product) - before > LEAVERS / 4, "hardly any edit was under way"

    unet = f"{SMALL}.unet"
    await asyncio.sleep(1)
    at_rest = await executions(product.triton, unet)
    await asyncio.sleep(1)
    assert await executions(product.triton, unet) == at_rest, "an image is still alive"

    assert not any((await load(product, SMALL)).values())
    assert (await post(http, random_edit(rng, SMALL))).status_code == httpx.codes.OK
