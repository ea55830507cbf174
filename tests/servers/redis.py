"""A Redis server, emptied for each test that asks."""

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
    folder = Path(tempfile.mkdtemp(prefix="retouch-redis-"))
    port = free_port()
    url = f"redis://127.0.0.1:{port}"
    command = [str(program("redis-server", "redis-server")), "--port", str(port)]
    command += ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder)]
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
