"""The event stream of the real product, as the official client reads it."""

import asyncio
from base64 import b64decode
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from openai import AsyncOpenAI, OpenAI
from openai.types import ImageEditCompletedEvent, ImageEditPartialImageEvent
from transformers import CLIPTokenizer

from tests.e2e.edits import Edit, pixels, png, post, random_edit
from tests.e2e.models import BUILT_IN, SMALL
from tests.e2e.product import Product
from tests.e2e.statistics import executions

PROMPT = "a red circle on grass"
STEPS = 12
LATENT_PIXELS = (256 // 8) ** 2
VOCABULARY = Path("training/checkpoint/tokenizer")


@pytest.fixture
def edit() -> Edit:
    return random_edit(np.random.default_rng(21), BUILT_IN)


async def test_previews_approach_the_final_picture(openai: AsyncOpenAI, edit: Edit) -> None:
    stream = await openai.images.edit(
        model=BUILT_IN,
        image=png(edit.picture),
        mask=png(edit.mask),
        prompt=PROMPT,
        size="256x256",
        stream=True,
        partial_images=3,
        extra_body={"seed": 4, "num_inference_steps": STEPS},
    )
    *previews, finished = [event async for event in stream]
    assert isinstance(finished, ImageEditCompletedEvent)
    assert all(isinstance(preview, ImageEditPartialImageEvent) for preview in previews)
    final = pixels(b64decode(finished.b64_json)).astype(int)
    shown = [pixels(b64decode(preview.b64_json)).astype(int) for preview in previews]
    for picture in (*shown, final):
        assert (picture == np.asarray(edit.picture))[~edit.repainted].all()
    distances = [np.abs(picture - final)[edit.repainted].mean() for picture in shown]
    assert len(distances) == 3
    assert distances[0] > distances[1] > distances[2] > 0


async def test_a_client_that_does_not_read_holds_no_one_up(
    http: httpx.AsyncClient, product: Product
) -> None:
    big: dict[str, Any] = {"size": "1024x1024", "n": 4, "stream": "true", "partial_images": 3}
    unread = random_edit(np.random.default_rng(22), SMALL, **big)
    async with http.stream(
        "POST", "/v1/images/edits", data=unread.fields, files=unread.files()
    ) as stream:
        assert stream.status_code == httpx.codes.OK
        answers = [await post(http, random_edit(np.random.default_rng(i), SMALL)) for i in range(4)]
        assert {answer.status_code for answer in answers} == {httpx.codes.OK}
        unet = f"{SMALL}.unet"
        at_rest = await executions(product.triton, unet)
        await asyncio.sleep(0.5)
        assert await executions(product.triton, unet) == at_rest, "the edit waits for its reader"
        events = [line async for line in stream.aiter_lines() if line.startswith("event: ")]
    assert events.count("event: image_edit.completed") == 4


def test_the_synchronous_client_sees_the_same_and_the_true_usage(
    product: Product, edit: Edit
) -> None:
    with OpenAI(base_url=f"{product.url}/v1", api_key=product.key, max_retries=0) as client:
        stream = client.images.edit(
            model=BUILT_IN,
            image=png(edit.picture),
            mask=png(edit.mask),
            prompt=PROMPT,
            size="256x256",
            stream=True,
            partial_images=2,
        )
        events = list(stream)
    assert [event.type for event in events] == [
        "image_edit.partial_image",
        "image_edit.partial_image",
        "image_edit.completed",
    ]
    finished = events[-1]
    assert isinstance(finished, ImageEditCompletedEvent)
    tokenizer = CLIPTokenizer.from_pretrained(VOCABULARY)
    words = len(tokenizer(PROMPT, add_special_tokens=False).input_ids)
    assert finished.usage.input_tokens_details.text_tokens == words
    assert finished.usage.input_tokens_details.image_tokens == LATENT_PIXELS
    assert finished.usage.output_tokens == LATENT_PIXELS
