"""PostgreSQL goes away and comes back while the frontend runs."""

import asyncio
import json
import time
from contextlib import AbstractContextManager

import httpx
import pytest

from tests.e2e.edits import post
from tests.e2e.product import retouch
from tests.faults.answers import assert_unavailable, edit, readiness, recovered
from tests.faults.conftest import SharedRig

REFUSED_SECONDS = 2.0
# The time that a database has for a transaction, and what the driver takes to give a connection up.
SILENT_SECONDS = 18.0


def missing(shared: SharedRig, how: str) -> AbstractContextManager[None]:
    return {"gone": shared.database.gone, "silent": shared.database.silent}[how]()


@pytest.mark.parametrize(
    ("how", "seconds"), [("gone", REFUSED_SECONDS), ("silent", SILENT_SECONDS)]
)
async def test_meanwhile_requests_are_503_in_bounded_time_and_then_all_is_well_by_itself(
    shared: SharedRig, http: httpx.AsyncClient, how: str, seconds: float
) -> None:
    [picture] = (await post(http, edit())).json()["data"]
    with missing(shared, how):
        started = time.monotonic()
        asked = (http.get("/v1/models"), *(post(http, edit()) for _ in range(4)))
        ready, answers = await asyncio.gather(readiness(http), asyncio.gather(*asked))
        assert time.monotonic() - started < seconds
        for answer in answers:
            assert_unavailable(answer)
        assert ready == (503, {"database": "unreachable", "models": "ok"})
        assert (await http.get("/health/live")).status_code == httpx.codes.OK
        assert (await http.get(picture["url"])).status_code == httpx.codes.OK
    await recovered(http)
    assert await readiness(http) == (200, {"database": "ok", "models": "ok"})


async def test_an_edit_that_was_accepted_before_is_answered_and_its_usage_is_not_lost(
    shared: SharedRig, http: httpx.AsyncClient
) -> None:
    before = images_of(shared)
    under_way = asyncio.create_task(post(http, edit(n=3, num_inference_steps=15)))
    await accepted(shared)
    with shared.database.gone():
        answer = await under_way
        assert answer.status_code == httpx.codes.OK
        await asyncio.sleep(1.5)  # usage is written every second
    for picture in answer.json()["data"]:
        assert (await http.get(picture["url"])).status_code == httpx.codes.OK
    async with asyncio.timeout(10):
        while images_of(shared) != before + 3:
            await asyncio.sleep(0.2)


async def test_an_answer_that_cannot_be_kept_is_given_all_the_same(
    shared: SharedRig, http: httpx.AsyncClient
) -> None:
    http.headers["Idempotency-Key"] = "no-database"
    under_way = asyncio.create_task(post(http, edit(num_inference_steps=15)))
    await accepted(shared)
    with shared.database.gone():
        answer = await under_way
    assert answer.status_code == httpx.codes.OK, answer.text
    assert len(answer.json()["data"]) == 1


async def accepted(shared: SharedRig) -> None:
    """Wait until the model works on an edit, which needs no database from then on."""
    async with httpx.AsyncClient() as client:
        while (
            'retouch_running_edits{model="retouch-mini"} 1.0'
            not in (await client.get(shared.product.metrics[0])).text
        ):
            await asyncio.sleep(0.05)


def images_of(shared: SharedRig) -> int:
    """How many images the operator's report counts."""
    report = retouch(shared.product.home, "usage", "--json", environment=shared.environment)
    return sum(line["images"] for line in json.loads(report))
