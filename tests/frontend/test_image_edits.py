"""The edit endpoint through the official client."""

import base64
from collections.abc import AsyncIterator

import numpy as np
import openai
import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from tests.frontend.samples import mask_with_hole, noise, pixels_of, png_of

IMAGE = noise(256)
MASK = mask_with_hole(256, 100, 120, 140, 150)
KEPT = MASK[..., 3] != 0


@pytest.fixture
async def official(app: FastAPI, key: str) -> AsyncIterator[openai.AsyncOpenAI]:
    transport = AsyncClient(transport=ASGITransport(app=app))
    async with openai.AsyncOpenAI(
        api_key=key, base_url="http://test/v1", http_client=transport, max_retries=0
    ) as client:
        yield client


async def test_an_edit_leaves_every_pixel_outside_the_mask_as_it_was(
    official: openai.AsyncOpenAI,
) -> None:
    answer = await official.images.edit(
        image=png_of(IMAGE),
        mask=png_of(MASK),
        prompt="a bird",
        model="retouch-mini",
        size="256x256",
        n=3,
        response_format="b64_json",
    )
    assert answer.data is not None
    pictures = [pixels_of(base64.b64decode(image.b64_json or "")) for image in answer.data]
    assert len(pictures) == 3
    for picture in pictures:
        np.testing.assert_array_equal(picture[KEPT], IMAGE[KEPT])
        assert (picture[~KEPT] != IMAGE[~KEPT]).any()
    assert (pictures[0] != pictures[1]).any()
