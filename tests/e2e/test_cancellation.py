"""A client that leaves stops the work."""

import asyncio
from typing import Any

import httpx
import numpy as np
import pytest

from tests.e2e.edits import post, random_edit
from tests.e2e.models import BUILT_IN
from tests.e2e.product import Product
from tests.e2e.statistics import executions

STEPS = 100


@pytest.mark.parametrize("stream", [{}, {"stream": "true", "partial_images": 3}])
async def test_the_unet_runs_at_most_once_more_after_the_client_has_left(
    http: httpx.AsyncClient, product: Product, stream: dict[str, Any]
) -> None:
    unet = f"{BUILT_IN}.unet"
    edit = random_edit(np.random.default_rng(5), BUILT_IN, num_inference_steps=STEPS, n=4, **stream)
    before = await executions(product.triton, unet)
    request = asyncio.create_task(post(http, edit))
    while await executions(product.triton, unet) < before + 3:
        await asyncio.sleep(0.02)

    request.cancel()  # httpx closes the connection
    with pytest.raises(asyncio.CancelledError):
        await request
    at_leaving = await executions(product.triton, unet)
    await asyncio.sleep(2)
    assert at_leaving < before + STEPS, "the edit was over before the client left"
    assert await executions(product.triton, unet) - at_leaving <= 1
