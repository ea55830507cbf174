"""Clients that leave at any moment, streaming or not, leave nothing behind."""

import asyncio
import contextlib
import json
from typing import Any

import httpx
import numpy as np

from frontend.inference.triton import TritonModels
from tests.e2e.edits import Edit, post, random_edit
from tests.e2e.models import SMALL
from tests.e2e.product import Product
from tests.e2e.statistics import executions

LEAVERS = 200
AT_ONCE = 16
STEPS = 100
LONGEST_STAY_SECONDS = 2.0
PROGRESS = {"stream": "true", "progress": "true"}
TOO_MANY = 2


def edit(rng: np.random.Generator, **fields: Any) -> Edit:
    """One that takes a while."""
    return random_edit(rng, SMALL, num_inference_steps=STEPS, **fields)


async def leave(http: httpx.AsyncClient, one: Edit, after_seconds: float) -> bool:
    """Send an edit and hang up; return whether that was before its end."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(post(http, one), after_seconds)
        return False
    return True


async def events(http: httpx.AsyncClient, one: Edit) -> list[str]:
    """The types of a streamed edit's events."""
    answer = await post(http, one)
    assert answer.status_code == httpx.codes.OK, answer.text
    lines = answer.text.splitlines()
    data = [line.removeprefix("data: ") for line in lines if line.startswith("data: ")]
    return [json.loads(line)["type"] for line in data]


async def places(product: Product) -> int:
    """How many edits of one unguided image the product works on at once."""
    models = TritonModels(product.triton, catalogue_lifetime_seconds=1)
    max_rows = (await models.catalogue())[SMALL].max_rows
    await models.close()
    return max_rows + max_rows // 2  # half a batch is sent ahead


async def test_200_random_disconnects_leave_no_place_taken_and_no_image_alive(
    http: httpx.AsyncClient, product: Product
) -> None:
    rng = np.random.default_rng(200)
    stream = PROGRESS | {"partial_images": 2}
    kinds = [edit(rng, n=n, **fields) for n in (1, 2, 3) for fields in ({}, stream)]
    at_once = asyncio.Semaphore(AT_ONCE)

    async def visit(one: Edit, stay_seconds: float) -> bool:
        async with at_once:
            return await leave(http, one, stay_seconds)

    unet = f"{SMALL}.unet"
    before = await executions(product.triton, unet)
    stays = rng.uniform(0, LONGEST_STAY_SECONDS, LEAVERS)
    left = await asyncio.gather(
        *(visit(kinds[rng.integers(len(kinds))], stay_seconds) for stay_seconds in stays)
    )
    assert sum(left) > LEAVERS / 2
    assert await executions(product.triton, unet) > before

    await asyncio.sleep(1)
    at_rest = await executions(product.triton, unet)
    await asyncio.sleep(1)
    assert await executions(product.triton, unet) == at_rest, "an image is still alive"

    crowd = edit(rng, guidance_scale=1, **PROGRESS)
    size = await places(product) + TOO_MANY
    served = await asyncio.gather(*(events(http, crowd) for _ in range(size)))
    assert all(types[-1] == "image_edit.completed" for types in served)
    assert sum("retouch.queued" in types for types in served) == TOO_MANY
