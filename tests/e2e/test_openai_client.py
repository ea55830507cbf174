"""The official client, doing what its users do."""

from base64 import b64decode

import httpx
import numpy as np
import openai as sdk
import pytest
from openai import AsyncOpenAI

from tests.e2e.edits import Edit, pixels, png, random_edit
from tests.e2e.models import BUILT_IN, SERVED, SMALL


@pytest.fixture
def edit() -> Edit:
    return random_edit(np.random.default_rng(11), SMALL)


async def test_an_edit_returns_a_url_that_serves_the_picture(
    openai: AsyncOpenAI, edit: Edit
) -> None:
    answer = await openai.images.edit(
        model=SMALL,
        image=("picture.png", png(edit.picture)),
        mask=("mask.png", png(edit.mask)),
        prompt="a red circle",
        size="256x256",
    )
    assert answer.data is not None
    url = answer.data[0].url
    assert url is not None
    async with httpx.AsyncClient() as browser:
        served = await browser.get(url)
    assert served.headers["content-type"] == "image/png"
    painted = pixels(served.content)
    kept = ~edit.repainted
    np.testing.assert_array_equal(painted[kept], np.asarray(edit.picture)[kept])


async def test_n_images_come_inline_and_differ(openai: AsyncOpenAI, edit: Edit) -> None:
    answer = await openai.images.edit(
        model=SMALL,
        image=png(edit.picture),
        mask=png(edit.mask),
        prompt="a red circle",
        size="512x512",
        n=3,
        response_format="b64_json",
        user="someone",
    )
    assert answer.created > 1_700_000_000
    assert answer.data is not None
    pictures = [pixels(b64decode(image.b64_json or "")) for image in answer.data]
    assert [picture.shape for picture in pictures] == [(512, 512, 3)] * 3
    assert not np.array_equal(pictures[0], pictures[1])
    assert not np.array_equal(pictures[1], pictures[2])


async def test_a_picture_is_1024_pixels_wide_by_default(openai: AsyncOpenAI, edit: Edit) -> None:
    answer = await openai.images.edit(
        model=SMALL,
        image=png(edit.picture),
        mask=png(edit.mask),
        prompt="a red circle",
        response_format="b64_json",
    )
    assert answer.data is not None
    assert len(answer.data) == 1
    assert pixels(b64decode(answer.data[0].b64_json or "")).shape == (1024, 1024, 3)


async def test_the_served_models_are_listed_and_found(openai: AsyncOpenAI) -> None:
    ids = [model.id async for model in openai.models.list()]
    assert ids == sorted(SERVED)
    model = await openai.models.retrieve(BUILT_IN)
    assert (model.id, model.object) == (BUILT_IN, "model")


async def test_an_unknown_model_is_not_found(openai: AsyncOpenAI, edit: Edit) -> None:
    with pytest.raises(sdk.NotFoundError) as caught:
        await openai.images.edit(
            model="sd9", image=png(edit.picture), mask=png(edit.mask), prompt="a red circle"
        )
    assert caught.value.code == "model_not_found"
    assert caught.value.request_id


async def test_a_wrong_key_is_refused(openai: AsyncOpenAI, edit: Edit) -> None:
    stranger = openai.with_options(api_key="sk-wrong")
    with pytest.raises(sdk.AuthenticationError) as caught:
        await stranger.images.edit(
            model=SMALL, image=png(edit.picture), mask=png(edit.mask), prompt="a red circle"
        )
    assert caught.value.code == "invalid_api_key"
