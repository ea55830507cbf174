"""What one key's edits are measured against."""

import asyncio
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager, suppress
from typing import Self

from frontend.keys.table import Key
from frontend.quotas.headers import rate_headers
from frontend.quotas.leases import Leases
from frontend.quotas.rates import Kind, Quota, Rates
from frontend.quotas.redis_link import RedisLink
from frontend.quotas.slots import Slots
from frontend.settings import Settings

Headers = MutableMapping[str, str]


class Quotas:
    """The limits of keys, their own or the server's defaults; each use tells how they stand."""

    def __init__(self, settings: Settings, rates: Rates, slots: Slots) -> None:
        self._settings = settings
        self._rates = rates
        self._slots = slots

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: Settings) -> AsyncIterator[Self]:
        """Count in the Redis of `settings`, or in memory."""
        if settings.redis_url is None:
            yield cls(settings, Rates(None), Slots(None, None))
            return
        link = RedisLink(settings.redis_url)
        leases = Leases(link.client)
        renewing = asyncio.create_task(leases.renew_forever())
        try:
            yield cls(settings, Rates(link), Slots(link, leases))
        finally:
            renewing.cancel()
            with suppress(asyncio.CancelledError):
                await renewing
            await link.close()

    @asynccontextmanager
    async def request(self, key: Key, headers: Headers) -> AsyncIterator[None]:
        """Count one request for an edit, which holds a slot as long as the context.

        Args:
            key: whose.
            headers: gets the `x-ratelimit-*` headers, whether it fits or not.

        Raises:
            RateLimitError: it does not fit.
        """
        requests, images = self._quota("requests", key), self._quota("images", key)
        headers.update(rate_headers("images", await self._rates.balance(images)))
        headers.update(rate_headers("requests", await self._rates.balance(requests)))
        async with self._slots.hold(
            key.id, key.concurrent_edits or self._settings.concurrent_edits
        ):
            headers.update(rate_headers("requests", await self._rates.take(requests, 1)))
            yield

    async def check_images(self, key: Key, count: int) -> None:
        """Refuse what would not fit, before it costs anything.

        Raises:
            RateLimitError: so many images do not fit.
        """
        await self._rates.check(self._quota("images", key), count)

    async def take_images(self, key: Key, count: int, headers: Headers) -> None:
        """Count the images of an edit that is accepted.

        Raises:
            RateLimitError: they do not fit; none is counted.
        """
        balance = await self._rates.take(self._quota("images", key), count)
        headers.update(rate_headers("images", balance))

    def _quota(self, kind: Kind, key: Key) -> Quota:
        settings = self._settings
        limits = {
            "requests": key.requests_per_minute or settings.requests_per_minute,
            "images": key.images_per_minute or settings.images_per_minute,
        }
        return Quota(kind, key.id, limits[kind])
