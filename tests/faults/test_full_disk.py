"""The disk of the results is full: who needs it is told, others notice nothing, nothing is left."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.e2e.edits import post
from tests.faults.answers import assert_unavailable, edit, readiness
from tests.faults.conftest import Rig, SharedRig, client_of

INLINE: dict[str, Any] = {"response_format": "b64_json"}
KEY_USE_SECONDS = 120  # after this a key's use is written down anew
PART_BYTES = 5 * 2**20  # how much obstore writes at once


def files(shared: SharedRig) -> set[Path]:
    """Everything in the store of results, half-written files too."""
    return {path for path in (shared.disk.folder / "results").rglob("*") if path.is_file()}


async def test_an_edit_whose_picture_finds_no_room_is_a_503_and_leaves_nothing_of_it(
    shared: SharedRig, http: httpx.AsyncClient
) -> None:
    assert (await post(http, edit())).status_code == httpx.codes.OK
    before = files(shared)
    with shared.disk.full():
        assert_unavailable(await post(http, edit()))
        assert files(shared) == before
        assert await readiness(http) == (200, {"database": "ok", "models": "ok"})
    answer = await post(http, edit())
    assert answer.status_code == httpx.codes.OK
    assert (await http.get(answer.json()["data"][0]["url"])).status_code == httpx.codes.OK


async def test_of_many_pictures_those_that_found_room_are_whole(
    shared: SharedRig, http: httpx.AsyncClient
) -> None:
    before = files(shared)
    with shared.disk.full(but_bytes=500_000):
        assert_unavailable(await post(http, edit(n=6)))
        for picture in files(shared) - before:
            Image.open(picture).load()


@pytest.mark.parametrize("fields", [{}, {"stream": "true", "partial_images": 1}])
async def test_answers_that_hold_their_picture_need_no_room(
    shared: SharedRig, http: httpx.AsyncClient, fields: dict[str, Any]
) -> None:
    with shared.disk.full():
        answer = await post(http, edit(**INLINE | fields))
    assert answer.status_code == httpx.codes.OK
    assert "error" not in answer.text[:100]


async def test_a_picture_from_before_can_be_read(
    shared: SharedRig, http: httpx.AsyncClient
) -> None:
    [picture] = (await post(http, edit())).json()["data"]
    with shared.disk.full():
        assert (await http.get(picture["url"])).status_code == httpx.codes.OK


async def test_an_answer_that_finds_no_room_to_be_kept_is_given_all_the_same(
    shared: SharedRig, http: httpx.AsyncClient
) -> None:
    http.headers["Idempotency-Key"] = "no-room"
    wanted, before = edit(**INLINE), files(shared)
    with shared.disk.full():
        assert (await post(http, wanted)).status_code == httpx.codes.OK
        assert files(shared) == before
    again = await post(http, wanted)
    assert again.status_code == httpx.codes.OK
    assert "idempotent-replayed" not in again.headers
    assert "idempotent-replayed" in (await post(http, wanted)).headers


async def test_nothing_is_left_of_an_answer_that_found_room_in_part(
    shared: SharedRig, http: httpx.AsyncClient
) -> None:
    http.headers["Idempotency-Key"] = "some-room"
    before = files(shared)
    with shared.disk.full(but_bytes=PART_BYTES + 100_000):
        answer = await post(http, edit(1024, n=5, **INLINE))
        assert files(shared) == before
    assert answer.status_code == httpx.codes.OK
    assert len(answer.content) > PART_BYTES + 100_000


async def test_where_the_database_is_on_it_too_the_same_holds(alone: Rig) -> None:
    async with client_of(alone) as http:
        assert (await post(http, edit())).status_code == httpx.codes.OK
        alone.clock.jump_to(KEY_USE_SECONDS)
        with alone.disk.full():
            assert_unavailable(await post(http, edit()))
            answer = await post(http, edit(**INLINE))
            assert answer.status_code == httpx.codes.OK, answer.text
            assert await readiness(http) == (200, {"database": "ok", "models": "ok"})
        assert (await post(http, edit())).status_code == httpx.codes.OK
    alone.clock.jump_to(0)
