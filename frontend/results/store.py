"""Results in an object store, until their URLs expire."""

import asyncio
import secrets
import time
from typing import Final

import obstore
import structlog
from obstore.store import ObjectStore

from frontend.errors.base import ApiError
from frontend.errors.foreign import STORE_ERRORS, translating
from frontend.errors.request import ResultExpiredError
from frontend.results.urls import ResultUrls

_SUFFIX: Final = ".png"
_log: structlog.stdlib.BoundLogger = structlog.get_logger()


class Results:
    """Stores pictures, hands out their URLs and sweeps them afterwards.

    A picture's name begins with the time of its end, so a URL and a sweep need nothing else.
    """

    def __init__(self, store: ObjectStore, urls: ResultUrls, lifetime_seconds: int) -> None:
        self._store = store
        self._urls = urls
        self._lifetime_seconds = lifetime_seconds

    async def save(self, png: bytes) -> str:
        """Store `png` and return its URL.

        Raises:
            UnavailableError: the store cannot be written to.
        """
        name = f"{int(time.time()) + self._lifetime_seconds}-{secrets.token_hex(16)}"
        with translating(STORE_ERRORS):
            await obstore.put_async(self._store, name + _SUFFIX, png)
        return self._urls.url(name)

    async def load(self, token: str) -> tuple[bytes, int]:
        """Return the picture of a URL's token and the seconds that the URL will still work.

        Raises:
            ResultNotFoundError: there is no such picture.
            ResultExpiredError: the URL's time is over.
            UnavailableError: the store cannot be read.
        """
        name = self._urls.read(token)
        left_seconds = int(_end(name) - time.time())
        if left_seconds <= 0:
            raise ResultExpiredError
        with translating(STORE_ERRORS):
            answer = await obstore.get_async(self._store, name + _SUFFIX)
            return bytes(await answer.bytes_async()), left_seconds

    async def sweep(self) -> int:
        """Delete the pictures whose URLs have expired; return how many."""
        now = time.time()
        with translating(STORE_ERRORS):
            batches = [batch async for batch in obstore.list(self._store)]
            expired = [
                entry["path"] for batch in batches for entry in batch if _end(entry["path"]) <= now
            ]
            if expired:
                await obstore.delete_async(self._store, expired)
        return len(expired)

    async def sweep_forever(self, interval_seconds: float) -> None:
        """Sweep every `interval_seconds`; a store that fails is tried again next time."""
        while True:
            await asyncio.sleep(interval_seconds)
            try:
                await self.sweep()
            except ApiError as error:
                _log.warning("sweep_failed", cause=type(error.__cause__).__name__)


def _end(name: str) -> float:
    """The Unix time at which an object ends; never, for one that is not ours."""
    end, dash, _ = name.partition("-")
    return int(end) if dash and end.isdigit() else float("inf")
