"""Writes usage beside the requests, not in them: in batches, a moment later."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final, Self

import structlog
from sqlalchemy import delete, insert
from sqlalchemy.exc import DataError, IntegrityError

from frontend.database.database import LONG_SECONDS, Database
from frontend.errors.service import UnavailableError
from frontend.usage.entry import Entry
from frontend.usage.table import Usage

_FLUSH_SECONDS: Final = 1.0
_SWEEP_SECONDS: Final = 3600.0
_DAY_SECONDS: Final = 86400
_BATCH: Final = 500
_MOST_WAITING: Final = 20_000  # while the database is gone; some 10 MB
_log = structlog.get_logger(__name__)


class UsageRecorder:
    """Takes entries without waiting and writes them behind the requests' backs."""

    def __init__(self, database: Database, retention_days: int) -> None:
        self._database = database
        self._retention_days = retention_days
        self._waiting: deque[Entry] = deque()
        self._lost = 0
        self._is_closed = asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def open(cls, database: Database, retention_days: int) -> AsyncIterator[Self]:
        """Write until the end of the context, which waits for what is not yet written."""
        recorder = cls(database, retention_days)
        flushing = asyncio.create_task(recorder._flush_until_closed())
        sweeping = asyncio.create_task(recorder._sweep_forever())
        try:
            yield recorder
        finally:
            recorder._is_closed.set()
            sweeping.cancel()
            await asyncio.gather(flushing, sweeping, return_exceptions=True)

    def put(self, entry: Entry) -> None:
        """Have an entry written; where the database is gone for long, the oldest are given up."""
        if len(self._waiting) >= _MOST_WAITING:
            self._waiting.popleft()
            self._lost += 1
        self._waiting.append(entry)

    async def flush(self) -> None:
        """Write what waits; what cannot be written now waits on."""
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(_BATCH, len(self._waiting)))]
            try:
                async with self._database.transaction() as session:
                    await session.execute(insert(Usage), batch)
            except UnavailableError as error:
                self._keep(batch, error.__cause__)
                return

    async def sweep(self) -> None:
        """Delete what is older than the retention.

        Raises:
            UnavailableError: the database cannot be reached.
        """
        oldest = int(time.time()) - self._retention_days * _DAY_SECONDS
        async with self._database.transaction(LONG_SECONDS) as session:
            await session.execute(delete(Usage).where(Usage.created_at < oldest))

    def _keep(self, batch: list[Entry], cause: BaseException | None) -> None:
        """Put a batch back, but not one that the database will never take."""
        if isinstance(cause, IntegrityError | DataError):
            self._lost += len(batch)
        else:
            self._waiting.extendleft(reversed(batch))
        kind = type(cause).__name__
        _log.warning("usage_not_written", waiting=len(self._waiting), lost=self._lost, cause=kind)

    async def _flush_until_closed(self) -> None:
        while not self._is_closed.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._is_closed.wait(), _FLUSH_SECONDS)
            await self.flush()

    async def _sweep_forever(self) -> None:
        while True:
            try:
                await self.sweep()
            except UnavailableError as error:
                _log.warning("usage_not_swept", cause=type(error.__cause__).__name__)
            await asyncio.sleep(_SWEEP_SECONDS)
