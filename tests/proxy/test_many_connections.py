"""One address gets so many connections and no more; others do not notice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from tests.proxy.upstreams import answer, upstream
from tests.servers.nginx import Proxy, running_proxy

LIMIT = 3
OTHER_ADDRESS = "127.0.0.2"
EDITS = "/v1/images/edits"


class Patient:
    """Answers at once, but edits only when it is told to."""

    def __init__(self) -> None:
        self.turns = asyncio.Semaphore(0)

    async def __call__(
        self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Behave so."""
        if head.startswith(b"POST"):
            await self.turns.acquire()
        await answer(head, reader, writer)


@asynccontextmanager
async def client(proxy: Proxy, address: str = "127.0.0.1") -> AsyncIterator[httpx.AsyncClient]:
    """One that calls from an address."""
    transport = httpx.AsyncHTTPTransport(verify=proxy.tls, local_address=address)
    async with httpx.AsyncClient(transport=transport, base_url=proxy.url, timeout=10) as http:
        yield http


async def test_an_address_that_has_all_its_requests_under_way_is_refused_until_one_ends() -> None:
    patient = Patient()
    async with upstream(patient) as frontend:
        with running_proxy([frontend.address], PROXY_CLIENT_CONNECTIONS=str(LIMIT)) as proxy:
            async with client(proxy) as http, client(proxy, OTHER_ADDRESS) as other:
                edits = [asyncio.create_task(http.post(EDITS)) for _ in range(LIMIT)]
                while len(frontend.heads) < LIMIT:
                    await asyncio.sleep(0.02)
                assert_refused(await http.get("/v1/models"))
                assert len(frontend.heads) == LIMIT
                assert (await other.get("/v1/models")).status_code == httpx.codes.OK
                patient.turns.release()
                await asyncio.wait(edits, return_when=asyncio.FIRST_COMPLETED)
                assert (await http.get("/v1/models")).status_code == httpx.codes.OK
                for _ in range(LIMIT):
                    patient.turns.release()
                assert [told.status_code for told in await asyncio.gather(*edits)] == [200] * LIMIT


def assert_refused(told: httpx.Response) -> None:
    """It is told what the limit is, and to try again soon."""
    error = told.json()["error"]
    assert told.status_code == httpx.codes.TOO_MANY_REQUESTS
    assert set(error) == {"message", "type", "param", "code"}
    assert (error["type"], error["code"]) == ("rate_limit_error", "rate_limit_exceeded")
    assert f"Limit: {LIMIT}." in error["message"]
    assert (told.headers["retry-after"], told.headers["retry-after-ms"]) == ("1", "1000")
    assert told.headers["access-control-allow-origin"] == "*"
    assert told.headers["x-request-id"].startswith("req_")
