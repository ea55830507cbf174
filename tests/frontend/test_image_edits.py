"""The edit endpoint through the official client."""

import base64
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import numpy as np
import openai
import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from PIL import Image

from tests.frontend.painter import MINI, Painter, painted
from tests.frontend.samples import mask_with_hole, noise, pixels_of, png_of

IMAGE = noise(256)
MASK = mask_with_hole(256, 100, 120, 140, 150)
KEPT = MASK[..., 3] != 0
EDIT: dict[str, Any] = {"prompt": "a bird", "model": "retouch-mini", "size": "256x256"}


@pytest.fixture
async def official(app: FastAPI, key: str) -> AsyncIterator[openai.AsyncOpenAI]:
    transport = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app))
    async with openai.AsyncOpenAI(
        api_key=key, base_url="http://test/v1", http_client=transport, max_retries=0
    ) as client:
        yield client


def inline(answer: openai.types.ImagesResponse) -> list[np.ndarray[Any, np.dtype[np.uint8]]]:
    assert answer.data is not None
    return [pixels_of(base64.b64decode(image.b64_json or "")) for image in answer.data]


async def test_an_edit_leaves_every_pixel_outside_the_mask_as_it_was(
    official: openai.AsyncOpenAI,
) -> None:
    answer = await official.images.edit(
        image=png_of(IMAGE), mask=png_of(MASK), n=3, response_format="b64_json", **EDIT
    )
    pictures = inline(answer)
    assert len(pictures) == 3
    for picture in pictures:
        np.testing.assert_array_equal(picture[KEPT], IMAGE[KEPT])
        assert (picture[~KEPT] != IMAGE[~KEPT]).any()
    assert (pictures[0] != pictures[1]).any()


async def test_without_a_mask_the_images_transparency_is_repainted(
    official: openai.AsyncOpenAI,
) -> None:
    image = noise(256, 4)
    image[..., 3] = np.where(KEPT, np.maximum(image[..., 3], 1), 0)
    answer = await official.images.edit(image=png_of(image), response_format="b64_json", **EDIT)
    [picture] = inline(answer)
    np.testing.assert_array_equal(picture[KEPT], image[KEPT])
    assert (picture[~KEPT, 3] == 255).all()


async def test_the_default_is_one_url_of_a_picture_of_1024_pixels(
    official: openai.AsyncOpenAI, anonymous: AsyncClient
) -> None:
    answer = await official.images.edit(
        image=png_of(IMAGE), mask=png_of(MASK), prompt="a bird", model="retouch-mini"
    )
    assert answer.data is not None
    [image] = answer.data
    assert image.b64_json is None
    assert image.url is not None
    assert image.url.startswith("http://127.0.0.1:8099/v1/images/results/")
    served = await anonymous.get(image.url)
    assert served.headers["content-type"] == "image/png"
    scaled = Image.fromarray(IMAGE).resize((1024, 1024), Image.Resampling.LANCZOS)
    far = np.ones((1024, 1024), np.bool_)
    far[400:560, 480:600] = False
    np.testing.assert_array_equal(pixels_of(served.content)[far], np.asarray(scaled)[far])


@pytest.mark.parametrize("size", ["256x256", "512x512", "1024x1024"])
async def test_every_size_is_the_size_of_the_result(
    official: openai.AsyncOpenAI, size: Any
) -> None:
    answer = await official.images.edit(
        image=png_of(IMAGE),
        mask=png_of(MASK),
        response_format="b64_json",
        **(EDIT | {"size": size}),
    )
    [picture] = inline(answer)
    assert f"{picture.shape[1]}x{picture.shape[0]}" == size


async def test_a_list_of_one_image_and_a_buffer_without_a_name_are_accepted(
    official: openai.AsyncOpenAI,
) -> None:
    answer = await official.images.edit(
        image=[png_of(IMAGE)], mask=png_of(MASK), response_format="b64_json", **EDIT
    )
    assert len(inline(answer)) == 1


async def test_every_extension_and_the_seeds_reach_the_model(
    client: AsyncClient, painter: Painter
) -> None:
    fields = EDIT | {
        "n": "3",
        "seed": str(2**63 - 2),
        "negative_prompt": "blurry",
        "num_inference_steps": "7",
        "guidance_scale": "2.5",
        "strength": "0.5",
        "user": "someone",
        "safety_identifier": "else",
        "response_format": "b64_json",
    }
    files = {"image[]": png_of(IMAGE), "mask[]": png_of(MASK)}
    answer = await client.post("/v1/images/edits", data=fields, files=files)
    assert answer.status_code == 200
    [edit] = painter.edits
    assert edit.seeds == (2**63 - 2, 2**63 - 1, 0)
    assert answer.headers["retouch-seeds"] == f"{2**63 - 2},{2**63 - 1},0"
    assert (edit.prompt, edit.negative_prompt) == ("a bird", "blurry")
    assert (edit.steps, edit.guidance, edit.strength) == (7, 2.5, 0.5)
    assert edit.image.shape == (MINI.resolution, MINI.resolution, 3)
    data = answer.json()["data"]
    assert [set(image) for image in data] == [{"b64_json"}] * 3


async def test_images_come_in_the_order_of_their_seeds(
    client: AsyncClient, painter: Painter
) -> None:
    fields = EDIT | {"n": "4", "seed": "10", "response_format": "b64_json"}
    files = {"image": png_of(IMAGE), "mask": png_of(MASK)}
    answer = await client.post("/v1/images/edits", data=fields, files=files)
    [edit] = painter.edits
    for index, image in enumerate(answer.json()["data"]):
        picture = pixels_of(base64.b64decode(image["b64_json"]))
        # The window is the mask's surroundings at scale 1; deep inside nothing is blended.
        middle = (slice(115, 125), slice(132, 138))
        window = painted(edit, index)
        top, left = 120 - 32, 135 - 32
        expected = window[middle[0].start - top : middle[0].stop - top]
        expected = expected[:, middle[1].start - left : middle[1].stop - left]
        np.testing.assert_array_equal(picture[middle], expected)


async def test_an_edit_without_a_seed_reports_those_it_drew(client: AsyncClient) -> None:
    files = {"image": png_of(IMAGE), "mask": png_of(MASK)}
    first, second = [
        (await client.post("/v1/images/edits", data=EDIT, files=files)).headers["retouch-seeds"]
        for _ in range(2)
    ]
    assert first != second


async def test_a_prompt_of_a_thousand_characters_of_any_script_is_fine(
    client: AsyncClient, painter: Painter
) -> None:
    prompt = "\U0001f426\u9ce5" * 500
    files = {"image": png_of(IMAGE), "mask": png_of(MASK)}
    answer = await client.post("/v1/images/edits", data=EDIT | {"prompt": prompt}, files=files)
    assert answer.status_code == 200
    assert painter.edits[0].prompt == prompt
