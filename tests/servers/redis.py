"""A Redis server, emptied for each test that asks."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
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
    folder = Path(tempfile.mkdtemp(prefix="retouch-redis-"))
    port = free_port()
    url = f"redis://{host}:{port}"
    command = [str(program("redis-server", "redis-server")), "--port", str(port), "--bind", host]
    command += ["--save", "", "--appendonly", "no", "--dir", str(folder), "--protected-mode", "no"]
    try:
        with running(command, folder / "log", lambda: answers(url)):
            yield url
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
