"""A database that goes away and comes back while the service runs."""

import psycopg
import pytest
from httpx import AsyncClient
from structlog.testing import capture_logs

from frontend.services import Services
from tests.frontend.people.test_usage import edit, recorded


@pytest.fixture
def database_url(postgresql_database: str) -> str:
    """A server of its own; a file does not go away."""
    return postgresql_database


def run_beside(url: str, statement: str) -> None:
    server, _, name = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(statement.replace("NAME", name).encode())


async def test_a_connection_that_the_server_closed_is_replaced_unseen(
    client: AsyncClient, database_url: str
) -> None:
    assert (await client.get("/v1/models")).status_code == 200
    run_beside(
        database_url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'NAME'",
    )
    assert (await client.get("/v1/models")).status_code == 200


async def test_without_the_database_requests_are_503_until_it_is_back(
    services: Services, client: AsyncClient, database_url: str
) -> None:
    assert (await edit(client)).status_code == 200
    run_beside(database_url, "ALTER DATABASE NAME WITH ALLOW_CONNECTIONS false")
    run_beside(
        database_url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'NAME'",
    )
    with capture_logs() as logs:
        answer = await edit(client)
        await services.usage.flush()
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "service_unavailable")
    assert answer.headers["retry-after"]
    assert "usage_not_written" in [line["event"] for line in logs]
    run_beside(database_url, "ALTER DATABASE NAME WITH ALLOW_CONNECTIONS true")
    assert (await edit(client)).status_code == 200
    assert [row.status for row in await recorded(services)] == [200, 200]
