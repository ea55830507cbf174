"""The database: SQLite in the home folder, or whatever SQLAlchemy URL is set."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

from sqlalchemy import Connection, event, text
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.schema import CreateIndex, CreateTable

from frontend.errors.foreign import DATABASE_ERRORS, translating
from frontend.settings import Settings


class Base(DeclarativeBase):
    """The root of all tables."""


class Database:
    """Sessions on one database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: Settings) -> AsyncIterator[Self]:
        """Connect, creating the home folder and missing tables.

        Raises:
            UnavailableError: the database cannot be reached.
        """
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        engine = create_async_engine(settings.database, pool_pre_ping=True)
        if engine.dialect.name == "sqlite":
            event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        try:
            with translating(DATABASE_ERRORS):
                async with engine.begin() as connection:
                    await connection.run_sync(_create_missing_tables)
            yield cls(engine)
        finally:
            await engine.dispose()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session that commits at the end.

        Raises:
            UnavailableError: the database cannot be reached.
        """
        with translating(DATABASE_ERRORS):
            async with self._sessions.begin() as session:
                yield session

    async def ping(self) -> None:
        """Ask the database for nothing.

        Raises:
            UnavailableError: the database cannot be reached.
        """
        async with self.transaction() as session:
            await session.execute(text("SELECT 1"))


def _create_missing_tables(connection: Connection) -> None:
    """Unlike `create_all`, bear another process that does the same at the same time."""
    for table in Base.metadata.sorted_tables:
        connection.execute(CreateTable(table, if_not_exists=True))
        for index in table.indexes:
            connection.execute(CreateIndex(index, if_not_exists=True))


def _prepare_sqlite(connection: Any, _record: object) -> None:  # DB-API
    """Let readers and a writer work at once, and wait for another process's lock."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.close()
