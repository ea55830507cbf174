"""Models, health, admission and logs."""

import asyncio
from dataclasses import replace

import pytest
import structlog
from httpx import AsyncClient, Response

from frontend.errors.service import UnavailableError
from frontend.services import Services
from tests.frontend.painter import MINI, OTHER, Painter
from tests.frontend.samples import mask_with_hole, noise, png_of
from tests.frontend.waiting import until

FILES = {"image": png_of(noise(64)), "mask": png_of(mask_with_hole(64, 10, 10, 30, 30))}
FIELDS = {"prompt": "a secret bird", "model": "retouch-mini", "size": "256x256"}


async def edit(client: AsyncClient) -> Response:
    return await client.post("/v1/images/edits", data=FIELDS, files=FILES)


async def test_models_are_listed_and_found_in_openais_form(client: AsyncClient) -> None:
    listed = (await client.get("/v1/models")).json()
    assert listed["object"] == "list"
    first = {
        "id": "retouch-mini",
        "object": "model",
        "created": 1_760_000_000,
        "owned_by": "retouch",
    }
    assert first in listed["data"]
    assert (await client.get("/v1/models/retouch-mini")).json() == first
    assert (await client.get("/v1/models/other-1.5")).json()["id"] == "other-1.5"


async def test_models_need_a_key_and_health_does_not(anonymous: AsyncClient) -> None:
    assert (await anonymous.get("/v1/models")).status_code == 401
    assert (await anonymous.get("/v1/models/retouch-mini")).status_code == 401
    assert (await anonymous.get("/health/live")).json() == {"status": "ok"}
    ready = await anonymous.get("/health/ready")
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")


async def test_without_models_the_service_lives_but_is_not_ready(
    anonymous: AsyncClient, painter: Painter
) -> None:
    painter.served.clear()
    answer = await anonymous.get("/health/ready")
    assert (answer.status_code, answer.json()["checks"]["models"]) == (503, "none served")
    painter.failure = UnavailableError()
    answer = await anonymous.get("/health/ready")
    assert (answer.status_code, answer.json()["checks"]["models"]) == (503, "unreachable")
    assert (await anonymous.get("/health/live")).status_code == 200


async def test_a_model_whose_servers_are_all_down_is_503_and_not_listed(
    client: AsyncClient, painter: Painter
) -> None:
    painter.served[MINI.id] = replace(MINI, servers=0)
    listed = (await client.get("/v1/models")).json()["data"]
    assert [model["id"] for model in listed] == [OTHER.id]
    assert (await client.get(f"/v1/models/{MINI.id}")).status_code == 503
    refused = await edit(client)
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "service_unavailable")
    assert 1 <= int(refused.headers["retry-after"]) <= 120
    assert (await client.get("/health/ready")).status_code == 200
    painter.served[OTHER.id] = replace(OTHER, servers=0)
    ready = await client.get("/health/ready")
    assert (ready.status_code, ready.json()["checks"]["models"]) == (503, "none served")


async def test_the_queue_sends_more_at_once_when_a_server_is_added(
    client: AsyncClient, painter: Painter
) -> None:
    painter.may_finish.clear()
    under_way = [asyncio.create_task(edit(client)) for _ in range(3)]
    await until(lambda: painter.running == 2)
    painter.served[MINI.id] = replace(MINI, servers=2, max_rows=2 * MINI.max_rows)
    under_way.append(asyncio.create_task(edit(client)))
    await until(lambda: painter.running == 4)
    painter.may_finish.set()
    assert [answer.status_code for answer in await asyncio.gather(*under_way)] == [200] * 4


async def test_a_full_queue_is_503_and_moves_on_when_an_edit_ends(
    client: AsyncClient, painter: Painter
) -> None:
    painter.may_finish.clear()
    under_way = [
        asyncio.create_task(edit(client)) for _ in range(3)
    ]  # two places and a queue of one
    await until(lambda: painter.running == 2)
    await asyncio.sleep(0.2)
    refused = await edit(client)
    assert refused.status_code == 503
    assert refused.json()["error"]["code"] == "server_is_overloaded"
    assert int(refused.headers["retry-after"]) >= 1
    assert painter.running == 2
    painter.may_finish.set()
    assert [answer.status_code for answer in await asyncio.gather(*under_way)] == [200] * 3


async def test_the_log_names_the_request_and_holds_no_secret(
    client: AsyncClient, services: Services, key: str
) -> None:
    processors = [structlog.contextvars.merge_contextvars]
    with structlog.testing.capture_logs(processors=processors) as logs:
        fields = FIELDS | {"user": "mail@example.com"}
        answer = await client.post("/v1/images/edits", data=fields, files=FILES)
        await client.get(answer.json()["data"][0]["url"])
    edited, fetched = [line for line in logs if line["event"] == "request"]
    assert edited["request_id"] == answer.headers["x-request-id"]
    assert (edited["model"], edited["images"], edited["status"]) == ("retouch-mini", 1, 200)
    assert edited["key_id"] == (await services.keys.list())[0].id
    assert fetched["route"] == "/v1/images/results/{file_name}"
    text = str(logs)
    token = answer.json()["data"][0]["url"].rpartition("/")[2]
    for secret in (key, "secret bird", "mail@example.com", token):
        assert secret not in text


async def test_an_unexpected_error_is_logged_by_place_not_by_message(
    client: AsyncClient, painter: Painter
) -> None:
    painter.failure = RuntimeError("the prompt was: a secret bird")
    with structlog.testing.capture_logs() as logs:
        await edit(client)
    [line] = [line for line in logs if line["event"] == "unexpected_error"]
    assert line["kind"] == "RuntimeError"
    assert any("painter.py" in frame for frame in line["frames"])
    assert "secret bird" not in str(logs)


@pytest.mark.parametrize("path", ["/health/live", "/v1/models", "/nowhere"])
async def test_every_answer_has_an_id_of_its_own(client: AsyncClient, path: str) -> None:
    first, second = [(await client.get(path)).headers["x-request-id"] for _ in range(2)]
    assert first != second
