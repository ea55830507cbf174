"""Requests and images per minute, in a moving window: any 60 seconds hold at most the limit."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Literal, Protocol, TypeVar, cast

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage, RedisStorage

from frontend.errors.quotas import AboveLimitError, RateExceededError
from frontend.quotas.moving_window import MovingWindow
from frontend.quotas.redis_link import RedisLink

Kind = Literal["requests", "images"]
Result = TypeVar("Result")
_MINUTE_SECONDS: Final = 60
_REDIS_PREFIX: Final = "retouch"
_CLOCK_GRAIN_SECONDS: Final = 0.002  # Redis keeps a moment to a tenth of a millisecond


@dataclass(frozen=True)
class Quota:
    """What is counted for whom, and how much of it a minute may hold."""

    kind: Kind
    key_id: str
    limit: int


@dataclass(frozen=True)
class Balance:
    """How a quota stands.

    Attributes:
        limit: how much a minute may hold.
        remaining: how much of that is left now.
        reset_seconds: until the oldest of what is counted leaves the window; 0 if nothing is.
    """

    limit: int
    remaining: int
    reset_seconds: float


class _Window(Protocol):
    """`MovingWindowSupport` as it is: both storages take parts of a second."""

    async def get_moving_window(self, key: str, limit: int, expiry: float) -> tuple[float, int]: ...


class Rates:
    """Counts in Redis where there is one, else in memory."""

    def __init__(self, link: RedisLink | None, window_seconds: int = _MINUTE_SECONDS) -> None:
        self._link = link
        self._window_seconds = window_seconds
        self._own = MovingWindow(MemoryStorage())
        self._shared = None if link is None else MovingWindow(_redis_storage(link))

    async def take(self, quota: Quota, cost: int) -> Balance:
        """Count `cost`, all of it or nothing, and return what is left.

        Raises:
            RateLimitError: it does not fit.
        """
        return await self._with_limiter(lambda limiter: self._take(limiter, quota, cost))

    async def check(self, quota: Quota, cost: int) -> Balance:
        """Return what would be left after `cost`, counting nothing.

        Raises:
            RateLimitError: it does not fit.
        """
        return await self._with_limiter(lambda limiter: self._check(limiter, quota, cost))

    async def balance(self, quota: Quota) -> Balance:
        """Return how a quota stands."""
        return await self._with_limiter(lambda limiter: self._balance(limiter, quota))

    async def _with_limiter(self, action: Callable[[MovingWindow], Awaitable[Result]]) -> Result:
        if self._link is None or self._shared is None:
            return await action(self._own)
        shared = self._shared
        return await self._link.or_else(lambda: action(shared), lambda: action(self._own))

    async def _take(self, limiter: MovingWindow, quota: Quota, cost: int) -> Balance:
        if not await limiter.hit(*self._item(quota), cost=cost):
            raise await self._refusal(limiter, quota, cost)
        return await self._balance(limiter, quota)

    async def _check(self, limiter: MovingWindow, quota: Quota, cost: int) -> Balance:
        now = await self._balance(limiter, quota)
        if now.remaining < cost:
            raise await self._refusal(limiter, quota, cost)
        return Balance(now.limit, now.remaining - cost, now.reset_seconds)

    async def _balance(self, limiter: MovingWindow, quota: Quota) -> Balance:
        stats = await limiter.get_window_stats(*self._item(quota))
        is_untouched = stats.remaining == quota.limit
        seconds = 0.0 if is_untouched else self._within_window(stats.reset_time - time.time())
        return Balance(quota.limit, max(0, stats.remaining), seconds)

    async def _refusal(
        self, limiter: MovingWindow, quota: Quota, cost: int
    ) -> AboveLimitError | RateExceededError:
        if cost > quota.limit:
            return AboveLimitError(quota.kind, quota.limit, cost)
        used = quota.limit - (await self._balance(limiter, quota)).remaining
        wait_seconds = await self._wait_seconds(limiter, quota, cost)
        return RateExceededError(quota.kind, quota.limit, used + cost, wait_seconds)

    async def _wait_seconds(self, limiter: MovingWindow, quota: Quota, cost: int) -> float:
        """How long until `cost` fits: steps over counted moments until enough have left."""
        storage = cast(_Window, limiter.storage)
        item, *names = self._item(quota)
        span, wait = float(self._window_seconds), 0.0
        for _ in range(quota.limit):
            oldest, count = await storage.get_moving_window(item.key_for(*names), quota.limit, span)
            if count + cost <= quota.limit:
                break
            now = time.time()
            wait = self._within_window(oldest + self._window_seconds - now)
            span = now - oldest - _CLOCK_GRAIN_SECONDS / 2
        return wait + _CLOCK_GRAIN_SECONDS

    def _within_window(self, seconds: float) -> float:
        """The time until a moment leaves the window; one that the clock shows later is not late."""
        return min(max(0.0, seconds), float(self._window_seconds))

    def _item(self, quota: Quota) -> tuple[RateLimitItem, str, str]:
        item = RateLimitItemPerSecond(quota.limit, self._window_seconds)
        return item, quota.kind, quota.key_id


def _redis_storage(link: RedisLink) -> RedisStorage:
    return RedisStorage(
        "redis://",
        implementation="redispy",
        key_prefix=_REDIS_PREFIX,
        connection_pool=link.client.connection_pool,  # type: ignore[arg-type] # typed as scalars
    )
