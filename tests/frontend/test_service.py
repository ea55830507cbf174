"""Models, health, admission, logs and clients that leave."""

import asyncio
from typing import Any

import pytest
import structlog
from fastapi import FastAPI
from httpx import AsyncClient, Response

from frontend.errors.service import UnavailableError
from frontend.services import Services
from tests.frontend.painter import Painter
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


class Caller:
    """A client of the bare ASGI application that can leave at will."""

    def __init__(self, app: FastAPI, key: str) -> None:
        request = AsyncClient().build_request(
            "POST", "http://test/v1/images/edits", data=FIELDS, files=FILES
        )
        self._app = app
        self._body = request.read()
        self._sent = False
        self.left = asyncio.Event()
        self.messages: list[Any] = []
        headers = [*request.headers.raw, (b"authorization", f"Bearer {key}".encode())]
        self._scope = {
            "type": "http",
            "method": "POST",
            "path": "/v1/images/edits",
            "raw_path": b"/v1/images/edits",
            "query_string": b"",
            "root_path": "",
            "scheme": "http",
            "server": ("test", 80),
            "http_version": "1.1",
            "headers": [(name.lower(), value) for name, value in headers],
        }

    async def receive(self) -> dict[str, Any]:
        if not self._sent:
            self._sent = True
            return {"type": "http.request", "body": self._body, "more_body": False}
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.messages.append(message)

    async def call(self) -> None:
        await self._app(self._scope, self.receive, self.send)


async def test_a_client_that_leaves_cancels_its_edit_and_frees_its_place(
    app: FastAPI, key: str, painter: Painter
) -> None:
    painter.may_finish.clear()
    for count in range(1, 6):  # more often than there are places
        caller = Caller(app, key)
        calling = asyncio.create_task(caller.call())
        await until(lambda: painter.running == 1)
        caller.left.set()
        await asyncio.wait_for(calling, 1)
        assert (painter.running, painter.cancelled) == (0, count)
        assert caller.messages == []


async def test_a_client_that_leaves_the_queue_frees_its_place_there(
    app: FastAPI, client: AsyncClient, key: str, painter: Painter
) -> None:
    painter.may_finish.clear()
    painting = [asyncio.create_task(edit(client)) for _ in range(2)]
    await until(lambda: painter.running == 2)
    for _ in range(3):
        caller = Caller(app, key)
        waiting = asyncio.create_task(caller.call())
        await asyncio.sleep(0.1)
        caller.left.set()
        await asyncio.wait_for(waiting, 1)
        assert caller.messages == []
    painter.may_finish.set()
    assert [answer.status_code for answer in await asyncio.gather(*painting)] == [200] * 2


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
