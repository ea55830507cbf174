"""Results in an object store, until their URLs expire."""

import asyncio
import secrets
import time
from dataclasses import dataclass

import obstore
import structlog
from obstore.store import ObjectStore

from frontend.errors.base import ApiError
from frontend.errors.foreign import RESULT_ERRORS, STORE_ERRORS, translating
from frontend.errors.request import ResultExpiredError
from frontend.pictures.formats import PictureFormat
from frontend.results.urls import ResultUrls
from frontend.telemetry.dependency import Dependency
from frontend.telemetry.stages import Stage, timed

_log: structlog.stdlib.BoundLogger = structlog.get_logger()


@dataclass(frozen=True)
class Result:
    """A picture whose URL works.

    Attributes:
        name: what it is called in the store.
        left_seconds: how long its URL will still work.
    """

    name: str
    left_seconds: int

    @property
    def kind(self) -> PictureFormat:
        """What kind of file it is."""
        return PictureFormat(self.name.rpartition(".")[2])

    @property
    def etag(self) -> str:
        """A strong validator: no name is used twice, and no picture is changed."""
        return f'"{self.name.partition("-")[2]}"'


class Results:
    """Stores pictures, hands out their URLs and sweeps them afterwards.

    A picture's name begins with the time of its end and ends with the kind of file, so a URL and a
    sweep need nothing else.
    """

    def __init__(self, store: ObjectStore, urls: ResultUrls, lifetime_seconds: int) -> None:
        self._store = store
        self._urls = urls
        self._lifetime_seconds = lifetime_seconds

    async def save(self, picture: bytes, kind: PictureFormat = PictureFormat.PNG) -> str:
        """Store `picture`, a file of `kind`, and return its URL.

        Raises:
            UnavailableError: the store cannot be written to; nothing of the picture is visible.
        """
        name = f"{int(time.time()) + self._lifetime_seconds}-{secrets.token_hex(16)}.{kind}"
        with timed(Stage.STORE), translating(STORE_ERRORS, Dependency.RESULTS):
            await obstore.put_async(self._store, name, picture)
        return self._urls.url(name)

    def find(self, file_name: str) -> Result:
        """Return what a URL's last part stands for, without asking the store.

        Raises:
            ResultNotFoundError: the URL is not ours.
            ResultExpiredError: the URL's time is over.
        """
        name = self._urls.read(file_name)
        left_seconds = int(_end(name) - time.time())
        if left_seconds <= 0:
            raise ResultExpiredError
        return Result(name, left_seconds)

    async def size_bytes(self, result: Result) -> int:
        """Return how large a picture is.

        Raises:
            ResultNotFoundError: it is gone.
            UnavailableError: the store cannot be read.
        """
        with translating(RESULT_ERRORS, Dependency.RESULTS):
            return (await obstore.head_async(self._store, result.name))["size"]

    async def read(self, result: Result, span: range | None = None) -> bytes:
        """Return a picture, or `span` of its bytes.

        Raises:
            ResultNotFoundError: it is gone.
            UnavailableError: the store cannot be read.
        """
        with translating(RESULT_ERRORS, Dependency.RESULTS):
            if span is None:
                return bytes(
                    await (await obstore.get_async(self._store, result.name)).bytes_async()
                )
            part = await obstore.get_range_async(
                self._store, result.name, start=span.start, end=span.stop
            )
            return bytes(part)

    async def sweep(self) -> int:
        """Delete the pictures whose URLs have expired; return how many."""
        now, swept = time.time(), 0
        with translating(STORE_ERRORS, Dependency.RESULTS):
            async for page in obstore.list(self._store):
                expired = [entry["path"] for entry in page if _end(entry["path"]) <= now]
                if expired:
                    await obstore.delete_async(self._store, expired)
                swept += len(expired)
        return swept

    async def sweep_forever(self, interval_seconds: float) -> None:
        """Sweep every `interval_seconds`; a store that fails is tried again next time."""
        while True:
            try:
                await self.sweep()
            except ApiError as error:
                _log.warning("sweep_failed", cause=type(error.__cause__).__name__)
            await asyncio.sleep(interval_seconds)


def _end(name: str) -> float:
    """The Unix time at which an object ends; never, for one that is not ours."""
    end, dash, _ = name.partition("-")
    return int(end) if dash and end.isdigit() else float("inf")
