"""Requests with an idempotency key are carried out once."""

import asyncio
import shutil
import time
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response
from sqlalchemy import select

from frontend.errors.service import ModelFailedError, UnavailableError
from frontend.idempotency.claims import Claim, Claims
from frontend.idempotency.lease import claimed
from frontend.idempotency.request import KeyedRequest
from frontend.services import Services
from frontend.settings import Settings
from frontend.usage.table import Usage
from tests.frontend.caller import FIELDS, FILES, Caller
from tests.frontend.idempotency.conftest import client_of
from tests.frontend.painter import Painter
from tests.frontend.samples import mask_with_hole, png_of
from tests.frontend.waiting import until

INLINE = {"response_format": "b64_json"}


async def edit(client: AsyncClient, name: str = "one", **fields: Any) -> Response:
    return await client.post(
        "/v1/images/edits",
        data=FIELDS | fields,
        files=FILES,
        headers={"Idempotency-Key": name},
    )


def assert_replays(first: Response, second: Response) -> None:
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert (second.status_code, second.content) == (first.status_code, first.content)
    for name in ("content-type", "retouch-seeds"):
        assert second.headers.get(name) == first.headers.get(name)
    assert second.headers["x-request-id"] != first.headers["x-request-id"]


@pytest.mark.parametrize("fields", [{}, INLINE, {"stream": "true", "n": "2"}])
async def test_a_repeated_request_gets_the_first_answer_and_no_edit(
    client: AsyncClient, elsewhere: AsyncClient, painter: Painter, fields: dict[str, str]
) -> None:
    first = await edit(client, **fields)
    assert first.status_code == 200
    assert_replays(first, await edit(client, **fields))
    assert_replays(first, await edit(elsewhere, **fields))
    assert len(painter.edits) == 1


async def test_a_hundred_twins_at_once_are_one_edit_and_get_equal_answers(
    client: AsyncClient, painter: Painter
) -> None:
    painter.may_finish.clear()
    twins = [asyncio.create_task(edit(client, **INLINE)) for _ in range(100)]
    await until(lambda: painter.running == 1)
    painter.may_finish.set()
    answers = await asyncio.gather(*twins)
    assert len(painter.edits) == 1
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotent-replayed" not in answer.headers for answer in answers) == 1


@pytest.mark.parametrize("fields", [{}, INLINE, {"stream": "true", "n": "2"}])
async def test_an_answer_that_the_store_has_lost_is_made_anew_and_kept(
    client: AsyncClient,
    elsewhere: AsyncClient,
    painter: Painter,
    settings: Settings,
    fields: dict[str, str],
) -> None:
    await edit(client, **fields)
    shutil.rmtree(settings.home / "results")
    second = await edit(elsewhere, **fields)
    assert second.status_code == 200
    assert_replays(second, await edit(client, **fields))
    assert len(painter.edits) == 2


async def test_of_twins_that_find_the_answer_lost_one_makes_it_anew(
    client: AsyncClient, elsewhere: AsyncClient, painter: Painter, settings: Settings
) -> None:
    await edit(client)
    shutil.rmtree(settings.home / "results")
    twins = [edit(client_) for client_ in (client, elsewhere) for _ in range(10)]
    answers = await asyncio.gather(*twins)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotent-replayed" not in answer.headers for answer in answers) == 1
    assert len(painter.edits) == 2


async def test_an_answer_that_cannot_be_read_for_now_is_replayed_later(
    client: AsyncClient, painter: Painter, settings: Settings
) -> None:
    first = await edit(client, **INLINE)
    store, away = settings.home / "results", settings.home / "away"
    store.rename(away)
    store.touch()  # so the folder cannot be looked into
    refused = await edit(client, **INLINE)
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "service_unavailable")
    store.unlink()
    away.rename(store)
    assert_replays(first, await edit(client, **INLINE))
    assert len(painter.edits) == 1


async def test_a_twin_at_another_frontend_waits_for_the_first_ones_answer(
    client: AsyncClient, elsewhere: AsyncClient, painter: Painter
) -> None:
    painter.may_finish.clear()
    first = asyncio.create_task(edit(client))
    await until(lambda: painter.running == 1)
    second = asyncio.create_task(edit(elsewhere))
    await asyncio.sleep(0.3)
    assert not second.done()
    painter.may_finish.set()
    assert_replays(await first, await second)
    assert len(painter.edits) == 1


async def test_a_twin_at_another_frontend_that_waits_too_long_is_told_to_retry(
    client: AsyncClient,
    elsewhere: AsyncClient,
    painter: Painter,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("frontend.idempotency.lease._LONGEST_WAIT_SECONDS", 0.3)
    painter.may_finish.clear()
    first = asyncio.create_task(edit(client))
    await until(lambda: painter.running == 1)
    refused = await edit(elsewhere)
    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "idempotency_key_in_use"
    assert 1 <= int(refused.headers["retry-after"]) <= 120
    painter.may_finish.set()
    assert (await first).status_code == 200


@pytest.mark.parametrize("is_over", [True, False])
async def test_the_same_key_with_other_parameters_is_an_error(
    client: AsyncClient, elsewhere: AsyncClient, painter: Painter, is_over: bool
) -> None:
    painter.may_finish.clear()
    first = asyncio.create_task(edit(client))
    await until(lambda: painter.running == 1)
    if is_over:
        painter.may_finish.set()
        await first
    other_mask = png_of(mask_with_hole(64, 10, 10, 30, 31))
    for client_ in (client, elsewhere):
        refused = await edit(client_, prompt="a cat")
        assert refused.status_code == 400
        error = refused.json()["error"]
        assert (error["type"], error["code"]) == ("idempotency_error", "idempotency_key_reuse")
        refused = await client_.post(
            "/v1/images/edits",
            data=FIELDS,
            files=FILES | {"mask": other_mask},
            headers={"Idempotency-Key": "one"},
        )
        assert refused.status_code == 400
    painter.may_finish.set()
    await first
    assert len(painter.edits) == 1


async def test_a_field_that_is_left_out_equals_its_default(
    client: AsyncClient, painter: Painter
) -> None:
    first = await edit(client)
    assert_replays(first, await edit(client, n="1", response_format="url"))
    assert len(painter.edits) == 1


async def test_usage_counts_the_images_of_the_one_edit(
    client: AsyncClient, services: Services
) -> None:
    for _ in range(3):
        await edit(client, n="2")
    await edit(client, "another", n="2")
    await services.usage.flush()
    async with services.database.transaction() as session:
        counted = (await session.scalars(select(Usage.images))).all()
    assert sorted(images or 0 for images in counted) == [0, 0, 2, 2]


async def test_keys_belong_to_the_caller(
    app: FastAPI, services: Services, client: AsyncClient, painter: Painter
) -> None:
    await edit(client)
    async with client_of(app, await services.keys.create("stranger")) as stranger:
        answer = await edit(stranger, prompt="something else")
    assert answer.status_code == 200
    assert "idempotent-replayed" not in answer.headers
    assert len(painter.edits) == 2


@pytest.mark.parametrize("name", ["", "x" * 256])
async def test_a_key_has_1_to_255_characters(
    client: AsyncClient, painter: Painter, name: str
) -> None:
    refused = await edit(client, name)
    assert refused.status_code == 400
    assert refused.json()["error"]["param"] == "idempotency-key"
    assert (await edit(client, "x" * 255)).status_code == 200
    assert len(painter.edits) == 1


async def test_a_fault_of_ours_is_replayed(client: AsyncClient, painter: Painter) -> None:
    painter.breaks = ModelFailedError()
    first = await edit(client)
    painter.breaks = None
    assert first.status_code == 500
    assert_replays(first, await edit(client))


async def test_what_was_missing_may_be_back_at_the_next_try(
    client: AsyncClient, painter: Painter
) -> None:
    painter.breaks = UnavailableError()
    assert (await edit(client)).status_code == 503
    painter.breaks = None
    second = await edit(client)
    assert second.status_code == 200
    assert "idempotent-replayed" not in second.headers


async def test_a_stream_that_ended_in_an_error_is_not_replayed(
    client: AsyncClient, painter: Painter
) -> None:
    fields = {"stream": "true", "partial_images": "1"}
    painter.breaks = ModelFailedError()
    broken = await edit(client, **fields)
    assert (broken.status_code, "event: error" in broken.text) == (200, True)
    painter.breaks = None
    second = await edit(client, **fields)
    assert "event: image_edit.completed" in second.text
    assert second.status_code == 200
    assert "idempotent-replayed" not in second.headers


async def test_an_invalid_request_is_not_remembered(client: AsyncClient, painter: Painter) -> None:
    assert (await edit(client, size="1x1")).status_code == 400
    assert (await edit(client)).status_code == 200
    assert len(painter.edits) == 1


async def test_the_edit_goes_on_for_a_twin_when_the_first_client_leaves(
    app: FastAPI, key: str, painter: Painter
) -> None:
    painter.may_finish.clear()
    first = Caller(app, key, idempotency_key="one")
    calling = asyncio.create_task(first.call())
    await until(lambda: painter.running == 1)
    async with client_of(app, key) as client:
        twin = asyncio.create_task(edit(client))
        await asyncio.sleep(0.2)
        first.left.set()
        await asyncio.wait_for(calling, 1)
        assert painter.cancelled == 0
        painter.may_finish.set()
        assert (await twin).status_code == 200
    assert len(painter.edits) == 1


async def test_when_all_clients_leave_the_edit_ends_and_may_be_retried(
    app: FastAPI, key: str, client: AsyncClient, painter: Painter
) -> None:
    painter.may_finish.clear()
    callers = [Caller(app, key, idempotency_key="one") for _ in range(3)]
    calls = [asyncio.create_task(caller.call()) for caller in callers]
    await until(lambda: painter.running == 1)
    await asyncio.sleep(0.2)
    for caller in callers:
        caller.left.set()
    await asyncio.wait_for(asyncio.gather(*calls), 1)
    assert (painter.running, painter.cancelled) == (0, 1)
    painter.may_finish.set()
    answer = await edit(client)
    assert answer.status_code == 200
    assert "idempotent-replayed" not in answer.headers


async def test_a_request_whose_owner_has_crashed_is_carried_out_by_the_next(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = Claims(services.database)
    request = KeyedRequest("key", "name", "parameters")
    assert (await claims.claim(request)).owner is not None
    assert not (await claims.claim(request)).is_decided
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 16)
    claim = await claims.claim(request)
    assert claim.owner is not None
    await claims.complete(request, claim.owner, "answer")
    assert await claims.claim(request) == Claim(answer="answer")
    monkeypatch.setattr(time, "time", lambda: now + 17 + 24 * 3600)
    assert (await claims.claim(request)).owner is not None


async def test_an_owner_that_crashed_before_the_clock_was_put_back_holds_nobody_up(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = Claims(services.database)
    request = KeyedRequest("key", "name", "parameters")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 3600)
    assert (await claims.claim(request)).owner is not None
    monkeypatch.setattr(time, "time", lambda: now)
    monkeypatch.setattr("frontend.idempotency.lease.LEASE_SECONDS", 0.4)
    async with asyncio.timeout(5):
        assert (await claimed(claims, request)).owner is not None


async def test_of_many_equal_claims_one_is_granted(services: Services) -> None:
    claims = Claims(services.database)
    request = KeyedRequest("key", "name", "parameters")
    granted = await asyncio.gather(*(claims.claim(request) for _ in range(20)))
    assert sum(claim.owner is not None for claim in granted) == 1
