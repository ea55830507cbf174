"""How many edits a key may have under way at once."""

import secrets
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from frontend.errors.quotas import TooManyEditsError
from frontend.quotas.leases import Leases
from frontend.quotas.redis_link import RedisLink

Release = Callable[[], Awaitable[None]]


class Slots:
    """Counts edits under way, in Redis where there is one, else in memory."""

    def __init__(self, link: RedisLink | None, leases: Leases | None) -> None:
        self._link = link
        self._leases = leases
        self._own: Counter[str] = Counter()

    @asynccontextmanager
    async def hold(self, key_id: str, limit: int | None) -> AsyncIterator[None]:
        """Hold one of the key's slots; without a limit nothing is counted.

        Raises:
            TooManyEditsError: all are held.
        """
        if limit is None:
            yield
            return
        release = await self._take(key_id, limit)
        try:
            yield
        finally:
            await release()

    async def _take(self, key_id: str, limit: int) -> Release:
        if self._link is None or self._leases is None:
            return await self._take_own(key_id, limit)
        leases = self._leases
        return await self._link.or_else(
            lambda: self._take_shared(leases, key_id, limit),
            lambda: self._take_own(key_id, limit),
        )

    async def _take_shared(self, leases: Leases, key_id: str, limit: int) -> Release:
        name = secrets.token_hex(8)
        if not await leases.take(key_id, name, limit):
            raise TooManyEditsError(limit)
        return lambda: leases.give_back(key_id, name)

    async def _take_own(self, key_id: str, limit: int) -> Release:
        if self._own[key_id] >= limit:
            raise TooManyEditsError(limit)
        self._own[key_id] += 1
        return lambda: self._give_back_own(key_id)

    async def _give_back_own(self, key_id: str) -> None:
        self._own[key_id] -= 1
        self._own += Counter()  # drops what is zero
