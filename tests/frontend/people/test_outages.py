"""A database that goes away and comes back while the service runs."""

from collections.abc import Iterator

import psycopg
import pytest
from httpx import AsyncClient
from structlog.testing import capture_logs

from frontend.services import Services
from tests.frontend.people.test_usage import edit, recorded
from tests.servers.postgresql import create_database

DATABASE = "outages"
CLOSE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'outages'"
KEEP_OUT = "ALTER DATABASE outages WITH ALLOW_CONNECTIONS false"
LET_IN = "ALTER DATABASE outages WITH ALLOW_CONNECTIONS true"


@pytest.fixture(scope="module")
def outages_database(postgresql: str) -> str:
    """One that no other test needs."""
    return create_database(postgresql, DATABASE)


@pytest.fixture
def database_url(outages_database: str) -> str:
    return outages_database


@pytest.fixture
def administrator(postgresql: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(f"{postgresql}/postgres", autocommit=True) as connection:
        yield connection


async def test_a_connection_that_the_server_closed_is_replaced_unseen(
    client: AsyncClient, administrator: psycopg.Connection
) -> None:
    assert (await client.get("/v1/models")).status_code == 200
    administrator.execute(CLOSE)
    assert (await client.get("/v1/models")).status_code == 200


async def test_without_the_database_requests_are_503_until_it_is_back(
    services: Services, client: AsyncClient, administrator: psycopg.Connection
) -> None:
    assert (await edit(client)).status_code == 200
    administrator.execute(KEEP_OUT)
    administrator.execute(CLOSE)
    with capture_logs() as logs:
        answer = await edit(client)
        await services.usage.flush()
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "service_unavailable")
    assert answer.headers["retry-after"]
    assert "usage_not_written" in [line["event"] for line in logs]
    administrator.execute(LET_IN)
    assert (await edit(client)).status_code == 200
    assert [row.status for row in await recorded(services)] == [200, 200]
