"""Engines, set up alike whether they serve requests or migrate.

Errors of theirs are logged, so they hide the parameters of statements: users' names, and hashes.
"""

import contextlib
import sqlite3
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Engine, NullPool, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from frontend.database.url import SQLITE, is_sqlite

_CONNECT_SECONDS: Final = 5
_SQLITE_WAIT_MILLISECONDS: Final = 5000


def serving_engine(url: URL) -> AsyncEngine:
    """Return a pool of connections for the event loop."""
    engine = create_async_engine(
        url, pool_pre_ping=True, connect_args=_connect_arguments(url), hide_parameters=True
    )
    _prepare(engine.sync_engine)
    return engine


def migration_engine(url: URL) -> Engine:
    """Return an engine for one connection in a thread."""
    driver = SQLITE if is_sqlite(url) else url.drivername  # psycopg knows both worlds
    engine = create_engine(
        url.set(drivername=driver),
        poolclass=NullPool,
        connect_args=_connect_arguments(url),
        hide_parameters=True,
    )
    _prepare(engine)
    return engine


def _connect_arguments(url: URL) -> Mapping[str, Any]:
    return {} if is_sqlite(url) else {"connect_timeout": _CONNECT_SECONDS}


def _prepare(engine: Engine) -> None:
    if engine.dialect.name == SQLITE:
        event.listen(engine, "connect", _prepare_sqlite)


def _prepare_sqlite(connection: Any, _record: object) -> None:  # DB-API
    """Let readers and a writer work at once, and wait for another process's lock."""
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={_SQLITE_WAIT_MILLISECONDS}")
    # SQLite refuses this at once while another connection is at it, whatever the time to wait.
    # The mode is the file's, not the connection's: the other one's, or the next one's, will do.
    with contextlib.suppress(sqlite3.OperationalError):
        cursor.execute("PRAGMA journal_mode=WAL")
    cursor.close()
