"""Slots in Redis. They end by themselves, so that a frontend that crashes keeps none for long."""

import asyncio
from contextlib import suppress
from typing import Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

LEASE_SECONDS: Final = 30.0
_PREFIX: Final = "retouch:slots:"
# By Redis's own clock: those of several frontends may differ.
_NOW: Final = "local t = redis.call('TIME'); local now = t[1] + t[2] / 1000000; "
_TAKE: Final = (
    _NOW
    + """
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1])
redis.call('PEXPIRE', KEYS[1], math.ceil(ARGV[3] * 1000))
return 1
"""
)
_RENEW: Final = (
    _NOW
    + """
redis.call('ZADD', KEYS[1], 'XX', now + ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[1], math.ceil(ARGV[2] * 1000))
"""
)


class Leases:
    """The slots that this process holds; each is renewed until it is given back."""

    def __init__(self, client: Redis, lease_seconds: float = LEASE_SECONDS) -> None:
        self._client = client
        self._seconds = lease_seconds
        self._take = client.register_script(_TAKE)
        self._renew = client.register_script(_RENEW)
        self._held: set[tuple[str, str]] = set()

    async def take(self, key_id: str, name: str, limit: int) -> bool:
        """Take a slot called `name`, unless the key holds `limit` already; return whether.

        Raises:
            RedisError: Redis does not answer.
        """
        taken = await self._take([_PREFIX + key_id], [name, limit, self._seconds])
        if taken:
            self._held.add((key_id, name))
        return bool(taken)

    async def give_back(self, key_id: str, name: str) -> None:
        """Give a slot back; if Redis does not answer it ends with its lease."""
        self._held.discard((key_id, name))
        with suppress(RedisError, OSError):
            await self._client.zrem(_PREFIX + key_id, name)

    async def renew_forever(self) -> None:
        """Keep what is held, with two tries to spare before a lease would end."""
        while True:
            await asyncio.sleep(self._seconds / 3)
            with suppress(RedisError, OSError):
                for key_id, name in tuple(self._held):
                    await self._renew([_PREFIX + key_id], [name, self._seconds])
