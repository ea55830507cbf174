"""Edits of different callers share the engine step by step, and nothing else."""

import asyncio
from base64 import b64decode

import httpx
import numpy as np
from numpy.typing import NDArray

from tests.e2e.edits import Edit, pixels, post, random_edit
from tests.e2e.models import BUILT_IN, PLAIN, SMALL
from tests.e2e.product import Product
from tests.e2e.statistics import executions

EDITS = 8
STEPS = 20
MOST_EXECUTIONS = 25  # for the 160 image-steps of 8 edits: 20 if nothing were lost
PAIRS = 1000


async def painted(http: httpx.AsyncClient, edit: Edit) -> NDArray[np.uint8]:
    """The first picture of the answer."""
    answer = await post(http, edit)
    assert answer.status_code == httpx.codes.OK, answer.text
    return pixels(b64decode(answer.json()["data"][0]["b64_json"]))


async def test_edits_sent_together_share_their_steps(
    http: httpx.AsyncClient, product: Product
) -> None:
    rng = np.random.default_rng(8)
    fields = {"num_inference_steps": STEPS}
    edits = [random_edit(rng, BUILT_IN, **fields) for _ in range(EDITS)]
    alone = [await painted(http, edit) for edit in edits]

    unet = f"{BUILT_IN}.unet"
    before = await executions(product.triton, unet)
    together = await asyncio.gather(*(painted(http, edit) for edit in edits))
    used = await executions(product.triton, unet) - before

    assert STEPS <= used <= MOST_EXECUTIONS
    for one, other in zip(alone, together, strict=True):
        assert np.abs(one.astype(int) - other).max() <= 1


async def test_a_caller_never_gets_anything_of_another_callers_picture(
    http: httpx.AsyncClient,
) -> None:
    rng = np.random.default_rng(1000)
    edits = [
        random_edit(
            rng,
            rng.choice([SMALL, PLAIN]),
            side=256,
            num_inference_steps=int(rng.integers(1, 4)),
            guidance_scale=float(rng.choice([1.0, 5.0])),
        )
        for _ in range(40)
    ]
    twins = [await painted(http, edit) for edit in edits]
    for _ in range(PAIRS):
        pair = rng.choice(len(edits), 2, replace=False)
        both = await asyncio.gather(*(painted(http, edits[index]) for index in pair))
        for index, picture in zip(pair, both, strict=True):
            assert np.abs(twins[index].astype(int) - picture).max() <= 1
