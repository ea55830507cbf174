"""A prompt counts to its last word."""

import asyncio
from base64 import b64decode
from typing import Any

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.e2e.edits import Edit, pixels, post, random_edit
from tests.e2e.models import BUILT_IN, SERVED

LONGEST_CHARACTERS = 1000
STEPS = 2
TEXTS = ["prompt", "negative_prompt"]


def ending_in(words: str) -> str:
    """A text of a thousand characters: many times what CLIP's text encoder takes at once."""
    start = "a meadow under a blue sky with stones and grass, " * 30
    return start[: LONGEST_CHARACTERS - len(words)] + words


def edit_of(model: str, **texts: str) -> Edit:
    fields: dict[str, Any] = {"seed": 5, "guidance_scale": 7, "num_inference_steps": STEPS}
    return random_edit(np.random.default_rng(21), model, **(fields | texts))


async def painted(http: httpx.AsyncClient, edit: Edit) -> NDArray[np.uint8]:
    answer = await post(http, edit)
    assert answer.status_code == httpx.codes.OK, answer.text
    return pixels(b64decode(answer.json()["data"][0]["b64_json"]))


@pytest.mark.parametrize("model", SERVED)
@pytest.mark.parametrize("field", TEXTS)
async def test_the_last_words_of_a_thousand_characters_change_the_picture(
    http: httpx.AsyncClient, model: str, field: str
) -> None:
    red, same, green = [
        await painted(http, edit_of(model, **{field: ending_in(words)}))
        for words in ("a red square", "a red square", "a green circle")
    ]
    np.testing.assert_array_equal(red, same)
    assert (red != green).any()


async def test_a_long_and_a_short_prompt_at_once_are_what_they_are_alone(
    http: httpx.AsyncClient,
) -> None:
    edits = [edit_of(BUILT_IN, prompt=text) for text in (ending_in("a red square"), "a red square")]
    alone = [await painted(http, edit) for edit in edits]
    together = await asyncio.gather(*(painted(http, edit) for edit in edits))
    for one, other in zip(alone, together, strict=True):
        assert np.abs(one.astype(int) - other).max() <= 1
