"""Sessions on the database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, Self

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from frontend.database.engines import serving_engine
from frontend.database.migrate import migrate
from frontend.errors.foreign import DATABASE_ERRORS, translating
from frontend.settings import Settings
from frontend.telemetry.dependency import Dependency

_ANSWER_SECONDS: Final = 6.0  # more than SQLite waits for another process's lock
LONG_SECONDS: Final = 120.0  # for what reads or deletes many rows


class Database:
    """Sessions on one database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: Settings) -> AsyncIterator[Self]:
        """Create the home folder, bring the schema up to date, and connect.

        Raises:
            UnavailableError: the database cannot be reached, or is not one of ours.
        """
        with translating(DATABASE_ERRORS, Dependency.DATABASE):
            settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
            await asyncio.to_thread(migrate, settings.database)
        engine = serving_engine(settings.database)
        try:
            yield cls(engine)
        finally:
            await engine.dispose()

    @asynccontextmanager
    async def transaction(
        self, timeout_seconds: float = _ANSWER_SECONDS
    ) -> AsyncIterator[AsyncSession]:
        """A session that commits at the end.

        Args:
            timeout_seconds: how long all of it may take: a server that hangs says nothing.

        Raises:
            UnavailableError: the database cannot be reached, or takes longer.
        """
        with translating(DATABASE_ERRORS, Dependency.DATABASE):
            async with asyncio.timeout(timeout_seconds), self._sessions.begin() as session:
                yield session

    async def ping(self) -> None:
        """Ask the database for nothing.

        Raises:
            UnavailableError: the database cannot be reached.
        """
        async with self.transaction() as session:
            await session.execute(text("SELECT 1"))
