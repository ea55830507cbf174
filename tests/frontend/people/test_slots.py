"""Concurrent edits per key, in memory and in Redis."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress

import pytest

from frontend.errors.quotas import TooManyEditsError
from frontend.quotas.leases import Leases
from frontend.quotas.redis_link import RedisLink
from frontend.quotas.slots import Slots

LEASE_SECONDS = 0.3


@pytest.fixture
async def link(redis_url: str) -> AsyncIterator[RedisLink]:
    link = RedisLink(redis_url)
    yield link
    await link.close()


@pytest.fixture(params=["memory", "redis"])
async def slots(request: pytest.FixtureRequest) -> AsyncIterator[Slots]:
    if request.param == "memory":
        yield Slots(None, None)
        return
    link = RedisLink(request.getfixturevalue("redis_url"))
    yield Slots(link, Leases(link.client, LEASE_SECONDS))
    await link.close()


async def test_a_key_holds_as_many_slots_as_it_may(slots: Slots) -> None:
    async with slots.hold("a", 2), slots.hold("a", 2):
        with pytest.raises(TooManyEditsError) as caught:
            async with slots.hold("a", 2):
                pass
        assert caught.value.headers["Retry-After"] == "1"
        async with slots.hold("b", 1), slots.hold("a", None):
            pass
    async with slots.hold("a", 1):
        pass


async def test_a_slot_comes_back_however_the_edit_ends(slots: Slots) -> None:
    with suppress(ZeroDivisionError):
        async with slots.hold("a", 1):
            raise ZeroDivisionError

    async def wait() -> None:
        async with slots.hold("a", 1):
            await asyncio.Event().wait()

    waiting = asyncio.create_task(wait())
    await asyncio.sleep(0.05)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    async with slots.hold("a", 1):
        pass


async def test_frontends_share_what_they_count_in_redis(link: RedisLink) -> None:
    one, other = (Slots(link, Leases(link.client)) for _ in range(2))
    async with one.hold("a", 1):
        with pytest.raises(TooManyEditsError):
            async with other.hold("a", 1):
                pass


async def test_a_frontend_that_crashed_holds_its_slots_no_longer_than_their_lease(
    link: RedisLink,
) -> None:
    crashed = Leases(link.client, LEASE_SECONDS)  # nobody renews
    assert await crashed.take("a", "slot", 1)
    slots = Slots(link, Leases(link.client, LEASE_SECONDS))
    with pytest.raises(TooManyEditsError):
        async with slots.hold("a", 1):
            pass
    await asyncio.sleep(LEASE_SECONDS + 0.1)
    async with slots.hold("a", 1):
        pass


async def test_a_slot_outlives_its_lease_while_its_edit_goes_on(link: RedisLink) -> None:
    leases = Leases(link.client, LEASE_SECONDS)
    slots = Slots(link, leases)
    renewing = asyncio.create_task(leases.renew_forever())
    async with slots.hold("a", 1):
        await asyncio.sleep(3 * LEASE_SECONDS)
        with pytest.raises(TooManyEditsError):
            async with slots.hold("a", 1):
                pass
    renewing.cancel()
    await asyncio.gather(renewing, return_exceptions=True)
    assert await link.client.keys("retouch:slots:*") == []


async def test_a_slot_that_redis_lost_does_not_break_its_edit(redis_url: str) -> None:
    link = RedisLink(redis_url)
    slots = Slots(link, Leases(link.client))
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(slots.hold("a", 1))
        await link.client.flushall()
    async with slots.hold("a", 1):
        pass
    await link.close()
