"""A PostgreSQL server, and an empty database in it for each test that asks."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.servers.process import free_port, program, running

DEBIAN_FOLDER = "/usr/lib/postgresql/*/bin"
# Nothing here outlives the tests.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def run_by() -> str | None:
    """PostgreSQL refuses to be run by root."""
    return "postgres" if os.getuid() == 0 else None


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a server, without a database's name."""
    with running_postgresql() as url:
        yield url


@contextlib.contextmanager
def running_postgresql(host: str = "127.0.0.1") -> Iterator[str]:
    """Run a server that listens on an address of ours; yields its URL."""
    # pytest's own temporary folders are closed to the server's user.
    folder = Path(tempfile.mkdtemp(prefix="retouch-postgresql-"))
    try:
        if user := run_by():
            shutil.chown(folder, user)
        data, port = folder / "data", free_port()
        initdb = program("initdb", "postgresql", beside=DEBIAN_FOLDER)
        options = ("--auth=trust", "--username=retouch", "--no-sync", "--encoding=UTF8")
        subprocess.run([initdb, data, *options], user=user, check=True, capture_output=True)
        with (data / "pg_hba.conf").open("a") as access:
            access.write("host all all samenet trust\n")
        command = [str(initdb.with_name("postgres")), "-D", str(data), "-p", str(port)]
        command += ["-k", str(folder), "-h", host, *(f"--{setting}" for setting in FAST)]
        url = f"postgresql://retouch@{host}:{port}"
        with running(command, folder / "log", lambda: answers(url), user, signal.SIGQUIT):
            yield url
    finally:
        shutil.rmtree(folder)


def answers(url: str) -> bool:
    try:
        psycopg.connect(f"{url}/postgres").close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.fixture(scope="session")
def shared_database(postgresql: str) -> str:
    """The URL of a database; making one takes longer than emptying it."""
    return create_database(postgresql, "tests")


@pytest.fixture
def postgresql_database(shared_database: str) -> str:
    """The URL of an empty database."""
    with psycopg.connect(shared_database, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    return shared_database


def create_database(server: str, name: str) -> str:
    """Create an empty database on the server and return its URL."""
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return f"{server}/{name}"
