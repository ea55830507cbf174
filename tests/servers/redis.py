"""A Redis server, emptied for each test that asks."""

import contextlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError

from tests.servers.process import free_port, program, running


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """The URL of a server that keeps nothing on disk."""
    with running_redis() as url:
        yield url


@contextlib.contextmanager
def running_redis(host: str = "127.0.0.1") -> Iterator[str]:
    """Run a server that listens on an address of ours; yields its URL."""
    with new_redis(host) as server, server.serving():
        yield server.url


@dataclass(frozen=True)
class RedisServer:
    """A server's folder and its address, whether it runs or not; it keeps nothing."""

    folder: Path
    host: str
    port: int

    @property
    def url(self) -> str:
        """The server's URL."""
        return f"redis://{self.host}:{self.port}"

    def serving(self) -> AbstractContextManager["subprocess.Popen[bytes]"]:
        """Run the server until the end of the context."""
        command = [str(program("redis-server", "redis-server")), "--port", str(self.port)]
        command += ["--bind", self.host, "--dir", str(self.folder), "--protected-mode", "no"]
        command += ["--save", "", "--appendonly", "no"]
        return running(command, self.folder / "log", lambda: answers(self.url))


@contextlib.contextmanager
def new_redis(host: str = "127.0.0.1") -> Iterator[RedisServer]:
    """Choose a folder and a port for a server, for the time of the context."""
    folder = Path(tempfile.mkdtemp(prefix="retouch-redis-"))
    try:
        yield RedisServer(folder, host, free_port())
    finally:
        shutil.rmtree(folder)


def answers(url: str) -> bool:
    with Redis.from_url(url) as client:
        try:
            return bool(client.ping())
        except RedisError:
            return False


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """The URL of an empty Redis."""
    with Redis.from_url(redis_server) as client:
        client.flushall()
    return redis_server
