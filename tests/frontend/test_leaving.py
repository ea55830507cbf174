"""Clients that leave, and clients that read slowly."""

import asyncio

import numpy as np
import pytest
import structlog
from fastapi import FastAPI
from httpx import AsyncClient, Response

from frontend.services import Services
from tests.frontend.caller import FIELDS, FILES, Caller
from tests.frontend.painter import Painter
from tests.frontend.waiting import until

LEAVERS = 60
STREAM = {"stream": "true", "partial_images": "2", "progress": "true"}


async def edit(client: AsyncClient) -> Response:
    return await client.post("/v1/images/edits", data=FIELDS, files=FILES)


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


async def test_a_client_that_leaves_in_mid_stream_cancels_its_edit(
    app: FastAPI, key: str, painter: Painter
) -> None:
    painter.may_complete.clear()
    caller = Caller(app, key, **STREAM)
    with structlog.testing.capture_logs() as logs:
        calling = asyncio.create_task(caller.call())
        await until(lambda: b"image_edit.partial_image" in caller.body)
        caller.left.set()
        await asyncio.wait_for(calling, 1)
    assert (painter.running, painter.cancelled) == (0, 1)
    [line] = [line for line in logs if line["event"] == "request"]
    assert line["status"] == 499


async def test_a_client_that_leaves_while_it_does_not_read_is_noticed(
    app: FastAPI, key: str, painter: Painter
) -> None:
    painter.may_complete.clear()
    caller = Caller(app, key, **STREAM)
    caller.reads.clear()
    calling = asyncio.create_task(caller.call())
    await until(lambda: len(caller.messages) == 1 and painter.running == 1)
    caller.left.set()
    await asyncio.wait_for(calling, 1)
    assert (painter.running, painter.cancelled) == (0, 1)


async def test_clients_that_leave_at_random_leave_nothing_behind(
    app: FastAPI, services: Services, client: AsyncClient, key: str, painter: Painter
) -> None:
    rng = np.random.default_rng(0)
    at_once = asyncio.Semaphore(4)  # of which some wait, and some are refused

    async def visit(stay_seconds: float, fields: dict[str, str]) -> None:
        async with at_once:
            caller = Caller(app, key, **fields)
            calling = asyncio.create_task(caller.call())
            await asyncio.sleep(stay_seconds)
            caller.left.set()
            await calling

    painter.step_seconds = 0.03
    tasks_before = len(asyncio.all_tasks())
    async with asyncio.TaskGroup() as visits:
        for stay_seconds in rng.exponential(0.2, LEAVERS):
            fields = dict(STREAM) if rng.random() < 0.5 else {}
            visits.create_task(visit(stay_seconds, fields | {"n": str(rng.integers(1, 4))}))

    assert painter.cancelled > 0
    assert painter.running == 0
    [state] = services.admission.state
    assert (state.running_edits, state.waiting_edits) == (0, 0)
    assert (state.running_images, state.waiting_images) == (0, 0)
    assert (await edit(client)).status_code == 200
    assert len(asyncio.all_tasks()) <= tasks_before, "tasks outlive their requests"


async def test_readers_that_do_not_read_hold_no_one_up(
    app: FastAPI, client: AsyncClient, key: str, painter: Painter
) -> None:
    idlers = [Caller(app, key, **STREAM) for _ in range(5)]  # more than there are places
    calling = []
    for idler in idlers:
        idler.reads.clear()
        calling.append(asyncio.create_task(idler.call()))
        await until(lambda: len(painter.edits) == len(calling) and painter.running == 0)
    await until(lambda: all(len(idler.messages) == 1 for idler in idlers))
    assert (await edit(client)).status_code == 200
    for idler in idlers:
        idler.reads.set()
    await asyncio.gather(*calling)
    for idler in idlers:
        assert idler.body.count(b"event: image_edit.completed") == 1


async def test_a_reader_that_keeps_up_misses_nothing(app: FastAPI, key: str) -> None:
    caller = Caller(app, key, n="10", **STREAM | {"size": "512x512"})
    await caller.call()
    assert caller.body.count(b"event: image_edit.completed") == 10
    assert caller.body.count(b"event: image_edit.partial_image") == 20
    assert caller.body.count(b"event: retouch.progress") == 20


async def test_a_slow_reader_misses_previews_but_no_picture(
    app: FastAPI, key: str, painter: Painter
) -> None:
    painter.step_seconds = 0.05
    caller = Caller(app, key, n="5", stream="true", partial_images="3")
    caller.reads.clear()
    calling = asyncio.create_task(caller.call())
    await until(lambda: len(painter.edits) == 1 and painter.running == 0)
    caller.reads.set()
    await calling
    assert caller.body.count(b"event: image_edit.completed") == 5
    assert 1 <= caller.body.count(b"event: image_edit.partial_image") < 15


@pytest.mark.parametrize("fields", [{}, STREAM])
async def test_silence_is_filled_with_comments_in_streams_alone(
    app: FastAPI, key: str, painter: Painter, services: Services, fields: dict[str, str]
) -> None:
    assert services.settings.keep_alive_seconds < 1
    painter.may_finish.clear()
    caller = Caller(app, key, **fields)
    calling = asyncio.create_task(caller.call())
    await until(lambda: painter.running == 1)
    await asyncio.sleep(services.settings.keep_alive_seconds * 2.5)
    if fields:
        start, *comments = caller.messages
        assert start["status"] == 200
        assert len(comments) >= 2
        assert {message["body"] for message in comments} == {b": keep-alive\n\n"}
    else:
        assert caller.messages == []
    painter.may_finish.set()
    await calling
    assert caller.messages[-1].get("more_body", False) is False


async def test_a_failure_after_a_comment_is_an_event(
    app: FastAPI, key: str, painter: Painter, services: Services
) -> None:
    painter.may_finish.clear()
    painter.breaks = RuntimeError("a secret")
    caller = Caller(app, key, stream="true")
    calling = asyncio.create_task(caller.call())
    await until(lambda: painter.running == 1)
    await asyncio.sleep(services.settings.keep_alive_seconds * 1.5)
    painter.may_finish.set()
    await calling
    assert b'event: error\ndata: {"error":{"message":"The server had an error' in caller.body
