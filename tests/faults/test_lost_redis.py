"""Redis goes away and comes back: edits go on, and each frontend counts for itself meanwhile."""

import asyncio
import time
from contextlib import AbstractContextManager

import httpx
import pytest

from tests.e2e.edits import post
from tests.e2e.product import create_key
from tests.faults.answers import edit, readiness
from tests.faults.conftest import SharedRig

LIMIT = 2
# One call finds out; for a while after it none is tried. It takes long where nothing answers.
NOTICE_SECONDS = 4.0
RETURN_SECONDS = 10.0


@pytest.fixture
async def limited(shared: SharedRig, http: httpx.AsyncClient) -> httpx.AsyncClient:
    """A client whose new key may have few images a minute."""
    option = f"--images-per-minute={LIMIT}"
    key = create_key(shared.product.home, option, environment=shared.environment)
    http.headers["Authorization"] = f"Bearer {key}"
    return http


def missing(shared: SharedRig, how: str) -> AbstractContextManager[None]:
    return {"gone": shared.redis.gone, "silent": shared.redis.silent}[how]()


@pytest.mark.parametrize("how", ["gone", "silent"])
async def test_meanwhile_edits_go_on_under_the_frontends_own_count_and_then_under_the_shared_one(
    shared: SharedRig, limited: httpx.AsyncClient, how: str
) -> None:
    assert remaining(await post(limited, edit())) == LIMIT - 1
    with missing(shared, how):
        started = time.monotonic()
        first = await post(limited, edit())
        assert time.monotonic() - started < NOTICE_SECONDS
        assert remaining(first) == LIMIT - 1
        assert remaining(await post(limited, edit())) == 0
        refused = await post(limited, edit())
        assert (refused.status_code, refused.json()["error"]["code"]) == (
            429,
            "rate_limit_exceeded",
        )
        assert await readiness(limited) == (200, {"database": "ok", "models": "ok"})
    async with asyncio.timeout(RETURN_SECONDS):
        while (answer := await post(limited, edit())).status_code != httpx.codes.OK:
            await asyncio.sleep(0.2)
    # What was counted there before is known if it is the same server's memory.
    assert remaining(answer) == (LIMIT - 1 if how == "gone" else LIMIT - 2)


def remaining(answer: httpx.Response) -> int:
    """How many images the key has left in this minute."""
    assert answer.status_code == httpx.codes.OK, answer.text
    return int(answer.headers["x-ratelimit-remaining-images"])
