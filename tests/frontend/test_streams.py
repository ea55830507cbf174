"""The event stream through the official clients, and byte by byte."""

import asyncio
import base64
import itertools
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import numpy as np
import openai
import pytest
import structlog
from fastapi import FastAPI
from httpx import AsyncClient
from openai.types import (
    ImageEditCompletedEvent,
    ImageEditPartialImageEvent,
    ImagesResponse,
)

from frontend.errors.service import ModelFailedError, UnavailableError
from tests.frontend.caller import Caller
from tests.frontend.painter import MINI, Painter
from tests.frontend.samples import mask_with_hole, noise, pixels_of, png_of
from tests.frontend.waiting import until

IMAGE = noise(256)
MASK = mask_with_hole(256, 100, 120, 140, 150)
KEPT = MASK[..., 3] != 0
FILES = {"image": png_of(IMAGE), "mask": png_of(MASK)}
EDIT: dict[str, Any] = {"prompt": "a red bird", "model": "retouch-mini", "size": "256x256"}
LATENT_PIXELS = (MINI.resolution // MINI.latent_factor) ** 2
Event = tuple[str, dict[str, Any]]


def events_of(body: str) -> list[Event]:
    """A parser of its own: event and data of every block, comments left out."""
    blocks = [block.splitlines() for block in body.split("\n\n") if block]
    fields = [dict(line.split(": ", 1) for line in block) for block in blocks]
    return [(block["event"], json.loads(block["data"])) for block in fields if "event" in block]


async def post(client: AsyncClient, **fields: Any) -> list[Event]:
    answer = await client.post(
        "/v1/images/edits", data=EDIT | {"stream": "true"} | fields, files=FILES
    )
    assert answer.status_code == 200, answer.text
    return events_of(answer.text)


@pytest.fixture
async def official(app: FastAPI, key: str) -> AsyncIterator[openai.AsyncOpenAI]:
    transport = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app))
    async with openai.AsyncOpenAI(
        api_key=key, base_url="http://test/v1", http_client=transport, max_retries=0
    ) as client:
        yield client


async def test_the_official_client_sees_its_own_types_complete(
    official: openai.AsyncOpenAI,
) -> None:
    stream = await official.images.edit(
        image=FILES["image"], mask=FILES["mask"], stream=True, partial_images=2, **EDIT
    )
    *previews, finished = [event async for event in stream]
    for number, preview in enumerate(previews):
        assert isinstance(preview, ImageEditPartialImageEvent)
        ImageEditPartialImageEvent.model_validate(preview.model_dump(), strict=True)
        assert preview.partial_image_index == number
    assert len(previews) == 2
    assert isinstance(finished, ImageEditCompletedEvent)
    ImageEditCompletedEvent.model_validate(finished.model_dump(), strict=True)
    assert (finished.size, finished.output_format) == ("256x256", "png")
    assert (finished.background, finished.quality) == ("opaque", "auto")


async def test_previews_and_result_keep_what_the_mask_keeps(client: AsyncClient) -> None:
    pictures = [
        pixels_of(base64.b64decode(data["b64_json"]))
        for _, data in await post(client, partial_images="3")
    ]
    assert len(pictures) == 4
    for picture in pictures:
        np.testing.assert_array_equal(picture[KEPT], IMAGE[KEPT])
    for one, other in itertools.pairwise(pictures):
        assert (one[~KEPT] != other[~KEPT]).any()


async def test_a_streamed_picture_is_the_one_of_the_answer_in_one_piece(
    client: AsyncClient,
) -> None:
    fields = EDIT | {"seed": "7", "response_format": "b64_json"}
    whole = (await client.post("/v1/images/edits", data=fields, files=FILES)).json()
    [(_, streamed)] = await post(client, seed="7")
    assert streamed["b64_json"] == whole["data"][0]["b64_json"]
    for field in ("background", "output_format", "size", "usage"):
        assert streamed[field] == whole[field]


async def test_the_answer_in_one_piece_is_of_the_official_type(
    official: openai.AsyncOpenAI,
) -> None:
    answer = await official.images.edit(
        image=FILES["image"],
        mask=FILES["mask"],
        n=2,
        response_format="b64_json",
        quality="high",
        output_format="webp",
        user="someone",
        **EDIT,
    )
    ImagesResponse.model_validate(answer.model_dump(), strict=True)
    assert (answer.background, answer.output_format) == ("opaque", "webp")
    assert (answer.quality, answer.size) == ("high", "256x256")
    assert answer.safety_identifier == "someone"
    assert answer.usage is not None
    assert answer.usage.output_tokens == 2 * LATENT_PIXELS


async def test_events_name_the_end_user_where_there_is_one(client: AsyncClient) -> None:
    [(_, anonymous)] = await post(client)
    assert "safety_identifier" not in anonymous
    [(_, named)] = await post(client, user="someone")
    assert named["safety_identifier"] == "someone"


async def test_each_of_n_pictures_completes_with_its_index_and_the_usage_so_far(
    client: AsyncClient,
) -> None:
    events = await post(client, n="3", partial_images="1", negative_prompt="dull")
    assert [(name, data["image_index"]) for name, data in events] == [
        (f"image_edit.{kind}", index)
        for index in (2, 1, 0)  # as the painter finishes them
        for kind in ("partial_image", "completed")
    ]
    completed = [data["usage"] for name, data in events if name == "image_edit.completed"]
    for pictures, usage in enumerate(completed, 1):
        assert usage["input_tokens_details"] == {"image_tokens": LATENT_PIXELS, "text_tokens": 4}
        assert usage["input_tokens"] == LATENT_PIXELS + 4
        assert usage["output_tokens"] == LATENT_PIXELS * pictures
        assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"]


async def test_the_wire_format_and_headers_are_those_of_an_event_stream(
    client: AsyncClient,
) -> None:
    answer = await client.post("/v1/images/edits", data=EDIT | {"stream": "True"}, files=FILES)
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache, no-transform"
    assert answer.headers["x-accel-buffering"] == "no"
    assert answer.headers["retouch-seeds"]
    assert answer.headers["x-request-id"].startswith("req_")
    assert "content-length" not in answer.headers
    first, second, *rest = answer.text.split("\n")
    assert first == "event: image_edit.completed"
    assert second.startswith('data: {"')
    assert rest == ["", ""]


async def test_a_picture_with_kept_transparency_says_so(client: AsyncClient) -> None:
    image = noise(256, 4)
    image[..., 3] = np.where(KEPT, np.maximum(image[..., 3], 1), 0)
    fields = EDIT | {"stream": "true"}
    answer = await client.post("/v1/images/edits", data=fields, files={"image": png_of(image)})
    [(_, data)] = events_of(answer.text)
    assert data["background"] == "transparent"


async def test_progress_is_for_those_who_ask_for_it(client: AsyncClient) -> None:
    assert [name for name, _ in await post(client)] == ["image_edit.completed"]
    events = await post(client, progress="true")
    assert events[:-1] == [
        ("retouch.progress", {"type": "retouch.progress", "image_index": 0, "step": s, "steps": 2})
        for s in (1, 2)
    ]


async def test_an_edit_that_waits_says_where_it_stands(
    client: AsyncClient, painter: Painter
) -> None:
    painter.may_finish.clear()
    ahead = [asyncio.create_task(post(client)) for _ in range(2)]
    await until(lambda: painter.running == 2)
    waiting = asyncio.create_task(post(client, progress="true"))
    await asyncio.sleep(0.2)
    painter.may_finish.set()
    (name, data), *_ = await waiting
    assert (name, data["position"]) == ("retouch.queued", 1)
    assert set(data) == {"type", "position", "wait_seconds"}
    await asyncio.gather(*ahead)


@pytest.mark.parametrize(
    ("fields", "param", "code"),
    [
        ({"partial_images": "1"}, "partial_images", "invalid_value"),
        ({"progress": "true"}, "progress", "invalid_value"),
        ({"stream": "true", "response_format": "url"}, "response_format", "invalid_value"),
        ({"stream": "maybe"}, "stream", "invalid_type"),
        ({"stream": "true", "partial_images": "4"}, "partial_images", "integer_above_max_value"),
        ({"stream": "true", "partial_images": "-1"}, "partial_images", "integer_below_min_value"),
        ({"stream": "true", "n": "0"}, "n", "integer_below_min_value"),
    ],
)
async def test_what_a_stream_cannot_do_is_refused_before_it_begins(
    client: AsyncClient, fields: dict[str, str], param: str, code: str
) -> None:
    answer = await client.post("/v1/images/edits", data=EDIT | fields, files=FILES)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/json")
    error = answer.json()["error"]
    assert (error["param"], error["code"]) == (param, code)


async def test_no_previews_without_a_stream_are_no_error(client: AsyncClient) -> None:
    fields = EDIT | {"stream": "false", "partial_images": "0", "progress": "false"}
    answer = await client.post("/v1/images/edits", data=fields, files=FILES)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")


async def test_an_undecodable_picture_is_an_ordinary_error(client: AsyncClient) -> None:
    files = FILES | {"image": FILES["image"][:-200]}
    answer = await client.post("/v1/images/edits", data=EDIT | {"stream": "true"}, files=files)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_image_file")


async def test_models_that_fail_before_the_first_event_are_an_ordinary_error(
    client: AsyncClient, painter: Painter
) -> None:
    painter.breaks = UnavailableError()
    answer = await client.post("/v1/images/edits", data=EDIT | {"stream": "true"}, files=FILES)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "service_unavailable")
    assert answer.headers["retry-after"]


@pytest.mark.parametrize(
    ("error", "code"),
    [(ModelFailedError(), "model_failed"), (RuntimeError("a secret"), None)],
)
async def test_a_failure_in_mid_stream_is_raised_by_the_official_client(
    official: openai.AsyncOpenAI, painter: Painter, error: Exception, code: str | None
) -> None:
    painter.breaks = error
    with structlog.testing.capture_logs() as logs:
        stream = await official.images.edit(
            image=FILES["image"], mask=FILES["mask"], stream=True, partial_images=1, **EDIT
        )
        assert (await anext(stream)).type == "image_edit.partial_image"
        with pytest.raises(openai.APIError) as caught:
            await anext(stream)
    assert (caught.value.type, caught.value.code) == ("server_error", code)
    assert "secret" not in str(caught.value) + str(logs)
    assert painter.running == 0


async def test_a_failure_in_mid_stream_ends_the_stream_and_is_on_the_log_line(
    client: AsyncClient, painter: Painter
) -> None:
    painter.breaks = ModelFailedError()
    processors = [structlog.contextvars.merge_contextvars]
    with structlog.testing.capture_logs(processors=processors) as logs:
        events = await post(client, partial_images="1")
    name, data = events[-1]
    assert (name, set(data)) == ("error", {"error"})
    assert set(data["error"]) == {"message", "type", "param", "code"}
    [line] = [line for line in logs if line["event"] == "request"]
    assert (line["status"], line["code"]) == (200, "model_failed")


async def test_a_stream_that_the_servers_end_cuts_off_says_so_in_its_last_event(
    app: FastAPI, key: str, painter: Painter
) -> None:
    painter.may_complete.clear()
    caller = Caller(app, key, stream="true", partial_images="2")
    calling = asyncio.create_task(caller.call())
    await until(lambda: b"image_edit.partial_image" in caller.body)
    calling.cancel()
    await asyncio.wait_for(calling, 1)
    name, data = events_of(caller.body.decode())[-1]
    assert (name, data["error"]["code"]) == ("error", "service_unavailable")
    assert caller.messages[-1]["more_body"] is False
