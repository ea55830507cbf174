"""Limits as a client meets them: headers on every answer, 429 before anything is spent."""

import asyncio
import re
import socket
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import httpx2
import openai
import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from frontend.app import create_app
from frontend.services import Services
from frontend.settings import Settings
from tests.frontend.painter import Painter
from tests.frontend.samples import mask_with_hole, noise, png_of

IMAGE = png_of(noise(64))
FILES = {"image": IMAGE, "mask": png_of(mask_with_hole(64, 10, 10, 30, 30))}
FIELDS = {"prompt": "a bird", "model": "retouch-mini", "size": "256x256"}
DURATION = re.compile(r"(\d+m)?\d+(\.\d+)?s|\d+ms")


@pytest.fixture(params=["memory", "redis"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    url = request.getfixturevalue("redis_url") if request.param == "redis" else None
    return Settings(
        home=tmp_path / "home", redis_url=url, requests_per_minute=20, images_per_minute=10
    )


async def edit(client: AsyncClient, **fields: str) -> Response:
    return await client.post("/v1/images/edits", data=FIELDS | fields, files=FILES)


def rates(answer: Response) -> Mapping[str, int]:
    """What the headers say is left, whose form is checked by the way."""
    for kind in ("requests", "images"):
        assert DURATION.fullmatch(answer.headers[f"x-ratelimit-reset-{kind}"])
        assert int(answer.headers[f"x-ratelimit-limit-{kind}"]) > 0
    return {
        kind: int(answer.headers[f"x-ratelimit-remaining-{kind}"])
        for kind in ("requests", "images")
    }


async def test_every_answer_says_what_is_left(client: AsyncClient) -> None:
    assert rates(await edit(client, n="3")) == {"requests": 19, "images": 7}
    assert rates(await edit(client)) == {"requests": 18, "images": 6}
    streamed = await edit(client, stream="true")
    assert streamed.headers["content-type"].startswith("text/event-stream")
    assert rates(streamed)["requests"] == 17
    assert rates(await edit(client))["images"] == 4


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"size": "1x1"}, 400),
        ({"model": "unknown"}, 404),
        ({"n": "10", "user": "eve"}, 403),
    ],
)
async def test_a_refused_request_counts_as_a_request_and_takes_no_images(
    client: AsyncClient, services: Services, fields: Mapping[str, str], status: int
) -> None:
    await services.blocks.block("eve")
    answer = await edit(client, **fields)
    assert answer.status_code == status
    assert rates(answer) == {"requests": 19, "images": 10}
    assert rates(await edit(client)) == {"requests": 18, "images": 9}


async def test_a_picture_that_cannot_be_decoded_takes_no_images(client: AsyncClient) -> None:
    files = {"image": IMAGE[: len(IMAGE) // 2], "mask": FILES["mask"]}
    answer = await client.post("/v1/images/edits", data=FIELDS, files=files)
    assert (answer.status_code, rates(answer)["images"]) == (400, 10)
    assert rates(await edit(client))["images"] == 9


async def test_a_server_that_takes_no_edits_takes_no_images(
    client: AsyncClient, services: Services
) -> None:
    services.admission.drain()
    answer = await edit(client)
    assert (answer.status_code, rates(answer)["images"]) == (503, 10)


async def test_more_images_than_are_left_are_429_and_cost_nothing(
    client: AsyncClient, painter: Painter
) -> None:
    assert (await edit(client, n="8")).status_code == 200
    answer = await edit(client, n="3")
    error = answer.json()["error"]
    assert (answer.status_code, error["type"]) == (429, "rate_limit_error")
    assert (error["code"], error["param"]) == ("rate_limit_exceeded", None)
    assert "Limit: 10/1min. Current: 11/1min." in error["message"]
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert 0 < int(answer.headers["retry-after-ms"]) <= 60_000
    assert rates(answer)["images"] == 2
    assert len(painter.edits) == 1
    assert (await edit(client, n="2")).status_code == 200


async def test_too_many_requests_are_429_before_the_body_is_read(
    client: AsyncClient, services: Services
) -> None:
    await services.keys.update("tests", requests_per_minute=1)
    assert (await edit(client)).status_code == 200
    answer = await client.post("/v1/images/edits", content=b"no form")
    assert answer.status_code == 429
    assert "requests per minute" in answer.json()["error"]["message"]
    assert rates(answer) == {"requests": 0, "images": 9}


async def test_a_keys_own_limits_win_over_the_servers(
    client: AsyncClient, services: Services
) -> None:
    await services.keys.update("tests", images_per_minute=2, requests_per_minute=5)
    assert rates(await edit(client)) == {"requests": 4, "images": 1}
    answer = await edit(client, n="3")
    assert answer.status_code == 429
    assert answer.headers["x-should-retry"] == "false"
    assert "retry-after" not in answer.headers


async def test_edits_under_way_are_limited_and_free_their_slot_at_the_end(
    client: AsyncClient, services: Services, painter: Painter
) -> None:
    await services.keys.update("tests", concurrent_edits=1)
    painter.may_finish.clear()
    first = asyncio.create_task(edit(client, stream="true"))
    while painter.running == 0:
        await asyncio.sleep(0.01)
    refused = await edit(client)
    assert refused.status_code == 429
    assert "concurrent edits" in refused.json()["error"]["message"]
    assert refused.headers["retry-after"] == "1"
    painter.may_finish.set()
    assert (await first).status_code == 200
    assert (await edit(client)).status_code == 200


async def test_a_redis_that_never_answers_delays_an_edit_by_a_second_and_limits_go_on(
    tmp_path: Path, painter: Painter
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}"
        settings = Settings(home=tmp_path, redis_url=url, requests_per_minute=1)
        app = create_app(settings, lambda _: painter)
        async with app.router.lifespan_context(app):
            secret = await app.state.services.keys.create("tests")
            headers = {"Authorization": f"Bearer {secret}"}
            async with (
                AsyncClient(
                    transport=ASGITransport(app=app), base_url="http://test", headers=headers
                ) as client,
                asyncio.timeout(4),
            ):
                assert (await edit(client)).status_code == 200
                assert (await edit(client)).status_code == 429


async def test_models_can_be_listed_without_counting(client: AsyncClient) -> None:
    for _ in range(25):
        assert (await client.get("/v1/models")).status_code == 200
    assert rates(await edit(client))["requests"] == 19


async def test_the_official_client_knows_it_for_a_rate_limit(
    app: FastAPI, services: Services, key: str
) -> None:
    await services.keys.update("tests", images_per_minute=1)
    transport = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app))
    async with openai.AsyncOpenAI(
        api_key=key, base_url="http://test/v1", http_client=transport, max_retries=0
    ) as official:
        ask = partial(
            official.images.edit,
            image=FILES["image"],
            mask=FILES["mask"],
            prompt="a bird",
            model="retouch-mini",
            size="256x256",
        )
        await ask()
        with pytest.raises(openai.RateLimitError) as caught:
            await ask()
    assert caught.value.code == "rate_limit_exceeded"
    assert caught.value.response.headers["x-ratelimit-remaining-images"] == "0"
