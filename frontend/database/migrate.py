"""Brings a database's schema up to date."""

import threading
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.engine import URL

from frontend.database.engines import migration_engine
from frontend.database.url import SQLITE

_MIGRATIONS: Final = Path(__file__).with_name("migrations")
_LOCK_ID: Final = 0x7265746F756368  # "retouch": an advisory lock's name is a number
# Alembic keeps the migration under way in a global.
_ONE_AT_A_TIME: Final = threading.Lock()


def migrate(url: URL) -> None:
    """Run the migrations that the database lacks, all or none; several processes may do so at once.

    Blocks: call it in a thread.

    Raises:
        SQLAlchemyError: the database cannot be reached, or a migration failed.
        CommandError: the database is newer than this program.
    """
    engine = migration_engine(url)
    with _ONE_AT_A_TIME, engine.begin() as connection:
        _keep_others_out(connection)
        command.upgrade(alembic_config(connection), "head")
    engine.dispose()


def alembic_config(connection: Connection) -> Config:
    """Return alembic's configuration for working on `connection`."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _keep_others_out(connection: Connection) -> None:
    """Wait until no other process migrates; the lock ends with the transaction."""
    if connection.dialect.name == SQLITE:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.execute(text("SELECT pg_advisory_xact_lock(:id)"), {"id": _LOCK_ID})
