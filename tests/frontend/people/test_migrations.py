"""The schema: what the migrations add up to, from nothing and from what older versions left."""

import asyncio
import contextlib
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, inspect, text

from frontend.database.database import Database
from frontend.database.engines import migration_engine
from frontend.database.metadata import METADATA
from frontend.database.migrate import alembic_config, migrate
from frontend.database.url import database_url as parsed
from frontend.errors.access import WrongKeyError
from frontend.errors.service import UnavailableError
from frontend.keys.secret import digest, new_secret, shown_prefix
from frontend.keys.store import Keys
from frontend.settings import Settings

# What the version before there were migrations created.
FIRST_VERSION = (
    "CREATE TABLE keys (id VARCHAR(40) NOT NULL, name VARCHAR(200) NOT NULL, "
    "prefix VARCHAR(20) NOT NULL, hash VARCHAR(64) NOT NULL, created_at BIGINT NOT NULL, "
    "revoked_at BIGINT, last_used_at BIGINT, PRIMARY KEY (id), UNIQUE (hash))",
    "CREATE INDEX ix_keys_prefix ON keys (prefix)",
)
PROCESSES = 4
MIGRATE = (
    "import sys; from frontend.database.migrate import migrate; from sqlalchemy import make_url"
)


@pytest.fixture
def connection(settings: Settings) -> Iterator[Connection]:
    settings.home.mkdir()
    engine = migration_engine(settings.database)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_the_migrations_add_up_to_the_tables(settings: Settings, connection: Connection) -> None:
    migrate(settings.database)
    assert set(inspect(connection).get_table_names()) == {*METADATA.tables, "alembic_version"}
    command.check(alembic_config(connection))


async def test_a_database_of_the_first_version_is_upgraded_with_its_keys(
    settings: Settings, connection: Connection
) -> None:
    valid, revoked = new_secret(), new_secret()
    for statement in FIRST_VERSION:
        connection.execute(text(statement))
    insert = text(
        "INSERT INTO keys VALUES (:id, 'old', :prefix, :hash, 1700000000, :revoked, NULL)"
    )
    for secret, time in ((valid, None), (revoked, 1_700_000_001)):
        named = {"id": f"key_{time}", "prefix": shown_prefix(secret), "hash": digest(secret)}
        connection.execute(insert, named | {"revoked": time})
    connection.commit()
    async with Database.open(settings) as database:
        assert (await Keys(database).check(valid)).name == "old"
        with pytest.raises(WrongKeyError):
            await Keys(database).check(revoked)
    command.check(alembic_config(connection))


def test_processes_that_migrate_at_once_do_not_collide(settings: Settings) -> None:
    settings.home.mkdir()
    code = f"{MIGRATE}; migrate(make_url(sys.argv[1]))"
    url = settings.database.render_as_string(hide_password=False)
    processes = [
        subprocess.Popen([sys.executable, "-c", code, url], stderr=subprocess.PIPE, text=True)
        for _ in range(PROCESSES)
    ]
    assert [process.communicate()[1] for process in processes] == [""] * PROCESSES
    assert [process.returncode for process in processes] == [0] * PROCESSES


def test_a_sqlite_file_that_is_locked_at_the_first_connection_is_read_all_the_same(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path / 'retouch.db'}"
    with contextlib.closing(sqlite3.connect(tmp_path / "retouch.db")) as other:
        other.execute("CREATE TABLE t (a)")
        other.commit()
        other.execute("BEGIN IMMEDIATE")
        with migration_engine(parsed(url)).connect() as connection:
            assert inspect(connection).get_table_names() == ["t"]


async def test_a_database_of_a_newer_version_is_left_alone(
    settings: Settings, connection: Connection
) -> None:
    migrate(settings.database)
    connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    connection.commit()
    with pytest.raises(UnavailableError) as caught:
        async with Database.open(settings):
            pass
    assert "9999" in str(caught.value.__cause__)


async def test_a_database_that_nobody_serves_is_unavailable(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, database_url="postgresql://me:secret@127.0.0.1:1/none")
    with pytest.raises(UnavailableError):
        async with asyncio.timeout(10), Database.open(settings):
            pass


@pytest.mark.parametrize(
    ("text", "driver"),
    [
        ("postgresql://me:pass%40word@db/retouch", "postgresql+psycopg"),
        ("postgres://db/retouch", "postgresql+psycopg"),
        ("postgresql+asyncpg://db/retouch", "postgresql+psycopg"),
        ("sqlite:////var/lib/retouch.db", "sqlite+aiosqlite"),
        ("sqlite+aiosqlite:////var/lib/retouch.db", "sqlite+aiosqlite"),
    ],
)
def test_a_url_gets_the_driver_that_suits_us(text: str, driver: str) -> None:
    assert parsed(text).drivername == driver
    assert parsed(text).password in (None, "pass@word")


@pytest.mark.parametrize(
    "text", ["mysql://db/retouch", "sqlite://", "nonsense", "http://a:secret@b"]
)
def test_any_other_url_is_refused_without_quoting_it(text: str) -> None:
    with pytest.raises(ValueError, match="postgresql://") as caught:
        Settings(database_url=text)
    assert "secret" not in str(caught.value)
