"""Frontends, with everything that they need and that these tests take away from them."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from functools import partial

import httpx
import pytest

from tests.e2e.product import Product, running
from tests.faults.clock import Clock
from tests.faults.outage import Outage
from tests.faults.slow_triton import slow_triton
from tests.faults.small_disk import SmallDisk, small_disk
from tests.servers.postgresql import FAST, create_database, new_postgresql
from tests.servers.redis import new_redis

HTTP_SECONDS = 60
DISK_MEBIBYTES = 12


@dataclass(frozen=True)
class Rig:
    """A running frontend and its surroundings.

    Attributes:
        product: the frontend.
        environment: the variables that it was started with.
        disk: holds its results.
        clock: by which it goes.
    """

    product: Product
    environment: dict[str, str]
    disk: SmallDisk
    clock: Clock


@dataclass(frozen=True)
class SharedRig(Rig):
    """One as in production.

    Attributes:
        database: its PostgreSQL.
        redis: where it counts.
    """

    database: Outage
    redis: Outage


@pytest.fixture(scope="session")
def triton(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The option that names a Triton that takes its time."""
    with slow_triton(tmp_path_factory.mktemp("triton")) as address:
        yield f"--triton=grpc://{address}"


@pytest.fixture(scope="session")
def shared(triton: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedRig]:
    """A frontend with PostgreSQL and Redis, and a disk for the results."""
    folder = tmp_path_factory.mktemp("shared")
    clock = Clock.right(folder)
    with contextlib.ExitStack() as stack:
        postgresql = stack.enter_context(new_postgresql())
        redis = stack.enter_context(new_redis())
        disk = stack.enter_context(small_disk(folder / "disk", DISK_MEBIBYTES))
        database = stack.enter_context(Outage(partial(postgresql.serving, *FAST)))
        counts = stack.enter_context(Outage(redis.serving))
        environment = clock.environment | {
            "RETOUCH_DATABASE_URL": create_database(postgresql.url, "retouch"),
            "RETOUCH_REDIS_URL": redis.url,
            "RETOUCH_RESULT_STORE": (disk.folder / "results").as_uri(),
            "RETOUCH_SWEEP_INTERVAL_SECONDS": "3600",
        }
        frontend = running(folder / "home", [], triton, environment=environment)
        product = stack.enter_context(frontend)
        yield SharedRig(product, environment, disk, clock, database, counts)
        assert not traces_in_log(product)


@pytest.fixture(scope="session")
def alone(triton: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """A frontend as a newcomer starts it: all that it keeps is in one folder, on one disk."""
    folder = tmp_path_factory.mktemp("alone")
    clock = Clock.right(folder)
    environment = clock.environment | {"RETOUCH_SWEEP_INTERVAL_SECONDS": "0.5"}
    with small_disk(folder / "disk", DISK_MEBIBYTES) as disk:
        home = disk.folder / "home"
        with running(home, [], triton, environment=environment) as product:
            yield Rig(product, environment, disk, clock)
            assert not traces_in_log(product)


def traces_in_log(product: Product) -> str:
    """What the log has from the first stack trace on: nothing of what happens is unexpected."""
    return "".join((product.home / "serve.log").read_text().partition("Traceback")[1:])


@pytest.fixture
async def http(shared: SharedRig) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the shared rig, with a key."""
    async with client_of(shared) as client:
        yield client


def client_of(rig: Rig) -> httpx.AsyncClient:
    """A client with the frontend's key."""
    product = rig.product
    return httpx.AsyncClient(base_url=product.url, headers=product.headers, timeout=HTTP_SECONDS)
