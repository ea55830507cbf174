"""Clients that leave at any moment, streaming or not, leave nothing behind."""

import asyncio
import contextlib
from typing import Any

import httpx
import numpy as np

from tests.e2e.edits import Edit, post, random_edit
from tests.e2e.load import load
from tests.e2e.models import SMALL
from tests.e2e.product import Product
from tests.e2e.statistics import executions

LEAVERS = 200
AT_ONCE = 16
STEPS = 100
LONGEST_STAY_SECONDS = 2.0
MOST_LINES = 60  # an event has three, and there are at least 100
PROGRESS = {"stream": "true", "progress": "true"}


def edit(rng: np.random.Generator, **fields: Any) -> Edit:
    """One that takes a while."""
    return random_edit(rng, SMALL, num_inference_steps=STEPS, **fields)


async def leave_waiting(http: httpx.AsyncClient, one: Edit, after_seconds: float) -> None:
    """Ask for one answer, and hang up before it comes."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(post(http, one), after_seconds)


async def leave_reading(http: httpx.AsyncClient, one: Edit, after_lines: int) -> None:
    """Ask for a stream, and hang up in the middle of it."""
    async with http.stream(
        "POST", "/v1/images/edits", data=one.fields, files=one.files()
    ) as stream:
        assert stream.status_code == httpx.codes.OK
        lines = stream.aiter_lines()
        for _ in range(after_lines):
            await anext(lines)


async def test_200_random_disconnects_leave_no_place_taken_and_no_image_alive(
    http: httpx.AsyncClient, product: Product
) -> None:
    rng = np.random.default_rng(200)
    plain = [edit(rng, n=n) for n in (1, 2, 3)]
    streamed = [edit(rng, n=n, partial_images=2, **PROGRESS) for n in (1, 2, 3)]
    at_once = asyncio.Semaphore(AT_ONCE)

    async def visit(number: int) -> None:
        size = rng.integers(3)
        async with at_once:
            if number % 2:
                await leave_waiting(http, plain[size], rng.uniform(0, LONGEST_STAY_SECONDS))
            else:
                await leave_reading(http, streamed[size], rng.integers(MOST_LINES))

    unet = f"{SMALL}.unet"
    before = await executions(product.triton, unet)
    await asyncio.gather(*map(visit, range(LEAVERS)))
    assert await executions(product.triton, unet) > before

    await asyncio.sleep(1)
    at_rest = await executions(product.triton, unet)
    await asyncio.sleep(1)
    assert await executions(product.triton, unet) == at_rest, "an image is still alive"

    assert not any((await load(product, SMALL)).values())
    assert (await post(http, plain[0])).status_code == httpx.codes.OK
