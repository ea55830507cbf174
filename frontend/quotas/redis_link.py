"""The Redis in which several frontends count together, and what happens without it."""

import time
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from frontend.telemetry.dependency import Dependency

Result = TypeVar("Result")
_ANSWER_SECONDS: Final = 1.0
_PAUSE_SECONDS: Final = 5.0
_log = structlog.get_logger(__name__)


class RedisLink:
    """A Redis that may be gone: then each frontend counts for itself until it is back."""

    def __init__(self, url: str) -> None:
        self.client = Redis.from_url(
            url,
            socket_timeout=_ANSWER_SECONDS,
            socket_connect_timeout=_ANSWER_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        self._asked_again_at = 0.0
        self._is_gone = False

    async def or_else(
        self, shared: Callable[[], Awaitable[Result]], own: Callable[[], Awaitable[Result]]
    ) -> Result:
        """Do `shared`; where Redis does not answer, now or a moment ago, do `own` instead."""
        if time.monotonic() < self._asked_again_at:
            return await own()
        try:
            result = await shared()
        except (RedisError, OSError) as error:
            self._note_gone(error)
            return await own()
        self._note_there()
        return result

    async def close(self) -> None:
        """Give up the connections."""
        await self.client.aclose()

    def _note_gone(self, error: Exception) -> None:
        Dependency.REDIS.failed()
        self._asked_again_at = time.monotonic() + _PAUSE_SECONDS
        if not self._is_gone:
            _log.warning("redis_gone", kind=type(error).__name__, rule="limits per process")
        self._is_gone = True

    def _note_there(self) -> None:
        if self._is_gone:
            _log.warning("redis_back")
        self._is_gone = False
