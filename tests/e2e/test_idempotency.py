"""Requests with one idempotency key are one job of the model."""

import asyncio

import httpx
import numpy as np

from tests.e2e.edits import random_edit
from tests.e2e.models import SMALL
from tests.e2e.product import Product
from tests.e2e.statistics import executions

TWINS = 100
STEPS = 20


async def test_a_hundred_twins_are_one_job_and_get_a_hundred_equal_answers(
    product: Product,
) -> None:
    edit = random_edit(np.random.default_rng(100), SMALL, num_inference_steps=STEPS)
    headers = product.headers | {"Idempotency-Key": "a hundred twins"}
    limits = httpx.Limits(max_connections=TWINS)
    before = await executions(product.triton, f"{SMALL}.unet")
    async with httpx.AsyncClient(
        base_url=product.url, headers=headers, timeout=120, limits=limits
    ) as http:
        files = edit.files()
        answers = await asyncio.gather(
            *(http.post("/v1/images/edits", data=edit.fields, files=files) for _ in range(TWINS))
        )
    assert {answer.status_code for answer in answers} == {httpx.codes.OK}
    assert len({answer.content for answer in answers}) == 1
    assert await executions(product.triton, f"{SMALL}.unet") - before == STEPS
