"""The clock is put an hour forward and back while the frontend runs."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.e2e.edits import post
from tests.e2e.product import create_key
from tests.faults.answers import edit, readiness
from tests.faults.conftest import Rig, client_of

HOUR = 3600
WINDOW_SECONDS = 60


@pytest.fixture(params=["alone", "shared"])
def rig(request: pytest.FixtureRequest) -> Rig:
    """Counts in memory and SQLite, or in Redis and PostgreSQL."""
    found: Rig = request.getfixturevalue(request.param)
    return found


@pytest.fixture
async def http(rig: Rig) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(rig) as client:
        yield client
    rig.clock.jump_to(0)


def use_new_key(rig: Rig, http: httpx.AsyncClient, *options: str) -> None:
    """Let a client use a key of its own."""
    key = create_key(rig.product.home, *options, environment=rig.environment)
    http.headers["Authorization"] = f"Bearer {key}"


async def test_an_edit_under_way_and_one_that_waits_do_not_notice(
    rig: Rig, http: httpx.AsyncClient
) -> None:
    edits = [asyncio.create_task(post(http, edit(n=10, num_inference_steps=10))) for _ in range(4)]
    for seconds in (HOUR, -HOUR, 0):
        await asyncio.sleep(0.2)
        rig.clock.jump_to(seconds)
        assert await readiness(http) == (200, {"database": "ok", "models": "ok"})
    assert [answer.status_code for answer in await asyncio.gather(*edits)] == [200] * 4


async def test_limits_hold_and_nobody_is_shut_out_for_longer_than_a_minute(
    rig: Rig, http: httpx.AsyncClient
) -> None:
    use_new_key(rig, http, "--images-per-minute=1")
    for seconds in (HOUR, 0, -HOUR):
        rig.clock.jump_to(seconds)
        answers = [await post(http, edit()) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200, 429]
        assert int(answers[-1].headers["retry-after"]) <= WINDOW_SECONDS + 1
        for answer in answers:
            assert reset_seconds(answer) <= WINDOW_SECONDS


def reset_seconds(answer: httpx.Response) -> float:
    """When more images remain."""
    minutes, _, seconds = answer.headers["x-ratelimit-reset-images"].rpartition("m")
    if answer.headers["x-ratelimit-reset-images"].endswith("ms"):
        return 0.0
    return 60 * float(minutes or 0) + float(seconds.removesuffix("s"))


async def test_a_url_works_for_its_hour_by_the_clock(rig: Rig, http: httpx.AsyncClient) -> None:
    [picture] = (await post(http, edit())).json()["data"]
    assert await told(http, picture) == (200, None)
    rig.clock.jump_to(HOUR - 60)
    assert await told(http, picture) == (200, None)
    rig.clock.jump_to(HOUR + 60)
    assert await told(http, picture) == (404, "result_expired")
    [later] = (await post(http, edit())).json()["data"]
    rig.clock.jump_to(0)
    assert await told(http, later) == (200, None)


async def test_a_picture_whose_hour_was_over_is_gone_and_others_are_not(
    alone: Rig,
) -> None:
    async with client_of(alone) as http:
        [early] = (await post(http, edit())).json()["data"]
        alone.clock.jump_to(HOUR + 60)
        [late] = (await post(http, edit())).json()["data"]
        await asyncio.sleep(1.5)  # it is swept every half second
        alone.clock.jump_to(0)
        assert await told(http, early) == (404, "result_not_found")
        assert await told(http, late) == (200, None)


async def told(http: httpx.AsyncClient, picture: dict[str, Any]) -> tuple[int, str | None]:
    """The status of a picture's URL, and the error's code."""
    answer = await http.get(picture["url"])
    code = None if answer.is_success else answer.json()["error"]["code"]
    return answer.status_code, code


async def test_a_repeated_request_gets_the_first_answer(rig: Rig, http: httpx.AsyncClient) -> None:
    http.headers["Idempotency-Key"] = "clock"
    first = await post(http, edit())
    for seconds in (HOUR, -HOUR, 0):
        rig.clock.jump_to(seconds)
        again = await post(http, edit())
        assert again.json() == first.json()
        assert again.headers["idempotent-replayed"] == "true"


async def test_a_key_is_valid_until_its_end_by_the_clock(rig: Rig, http: httpx.AsyncClient) -> None:
    use_new_key(rig, http, "--expires=30m")
    told = []
    for seconds in (0, HOUR, 0):
        rig.clock.jump_to(seconds)
        told.append((await http.get("/v1/models")).status_code)
    assert told == [200, 401, 200]


async def test_attempts_to_sign_in_are_limited_and_not_for_longer_than_a_minute(
    alone: Rig,
) -> None:
    async with client_of(alone) as http:
        http.headers["Retouch-Page"] = "1"
        alone.clock.jump_to(HOUR)
        answers = [await attempt(http) for _ in range(6)]
        alone.clock.jump_to(0)
        answers += [await attempt(http), await attempt(http)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429, 429, 401]
    assert int(answers[-2].headers["retry-after"]) == 1


async def attempt(http: httpx.AsyncClient) -> httpx.Response:
    return await http.post("/admin/api/session", json={"secret": "wrong"})
