"""A PostgreSQL server, and an empty database in it for each test that asks."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests.servers.process import free_port, program, running

DEBIAN_FOLDER = "/usr/lib/postgresql/*/bin"
# Nothing here outlives the machine. By the second, a server that is killed loses its last commits.
FAST = ("fsync=off", "full_page_writes=off")
FASTEST = (*FAST, "synchronous_commit=off")


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
    with new_postgresql(host) as server, server.serving(*FASTEST):
        yield server.url


@dataclass(frozen=True)
class PostgreSQL:
    """A server's data and its address, whether it runs or not."""

    folder: Path
    host: str
    port: int

    @property
    def url(self) -> str:
        """The server's URL, without a database's name."""
        return f"postgresql://retouch@{self.host}:{self.port}"

    def serving(self, *settings: str) -> AbstractContextManager["subprocess.Popen[bytes]"]:
        """Run the server until the end of the context, and kill it there."""
        command = [str(_initdb().with_name("postgres")), "-D", str(self.folder / "data")]
        command += ["-p", str(self.port), "-k", str(self.folder), "-h", self.host]
        command += [f"--{setting}" for setting in settings]
        log, end = self.folder / "log", signal.SIGQUIT
        return running(command, log, lambda: answers(self.url), run_by(), end)


@contextlib.contextmanager
def new_postgresql(host: str = "127.0.0.1") -> Iterator[PostgreSQL]:
    """Make a server that has no databases yet, for the time of the context."""
    # pytest's own temporary folders are closed to the server's user.
    folder = Path(tempfile.mkdtemp(prefix="retouch-postgresql-"))
    try:
        if user := run_by():
            shutil.chown(folder, user)
        options = ("--auth=trust", "--username=retouch", "--no-sync", "--encoding=UTF8")
        command: list[str | Path] = [_initdb(), folder / "data", *options]
        subprocess.run(command, user=user, check=True, capture_output=True)
        with (folder / "data" / "pg_hba.conf").open("a") as access:
            access.write("host all all samenet trust\n")
        yield PostgreSQL(folder, host, free_port())
    finally:
        shutil.rmtree(folder)


def programs() -> Path:
    """The folder of the server's programs, and of its clients of the same version."""
    return _initdb().parent


def _initdb() -> Path:
    return program("initdb", "postgresql", beside=DEBIAN_FOLDER)


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
