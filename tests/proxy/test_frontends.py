"""Frontends that are gone, that die, that hang: what clients are told, and what is sent twice."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from tests.e2e.product import free_ports
from tests.proxy.upstreams import Upstream, answer, die, hang, upstream
from tests.servers.nginx import running_proxy

EDITS = "/v1/images/edits"
FORM = {"image": b"a picture"}
PICTURE = {"image": bytes(2**21)}  # more than all buffers on the way


@asynccontextmanager
async def client(*addresses: str, **variables: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a proxy before the frontends."""
    with running_proxy(addresses, None, **variables) as proxy:
        async with httpx.AsyncClient(base_url=proxy.url, verify=proxy.tls, timeout=10) as http:
            yield http


def gone() -> str:
    """The address of a frontend that is not there."""
    return f"127.0.0.1:{free_ports(1)[0]}"


def is_retry_later(told: httpx.Response, status: int) -> bool:
    """Whether the client is told to try again soon, as the frontend would."""
    error = told.json()["error"]
    assert (error["type"], error["code"]) == ("service_unavailable_error", "service_unavailable")
    assert (told.headers["retry-after"], told.headers["retry-after-ms"]) == ("2", "2000")
    assert told.headers["x-request-id"].startswith("req_")
    return told.status_code == status


async def test_without_a_frontend_clients_are_told_to_retry() -> None:
    async with client(gone(), gone()) as http:
        started = time.monotonic()
        for _ in range(3):
            assert is_retry_later(await http.post(EDITS, files=FORM), 503)
            assert is_retry_later(await http.get("/v1/models"), 503)
        assert time.monotonic() - started < 5


async def test_an_edit_goes_to_the_next_frontend_where_one_is_gone() -> None:
    async with upstream(answer) as good:
        async with client(gone(), good.address, gone()) as http:
            told = [await http.post(EDITS, files=PICTURE) for _ in range(6)]
        assert [each.status_code for each in told] == [200] * 6
        assert len(good.heads) == 6


@pytest.mark.parametrize("form", [FORM, PICTURE])
async def test_an_edit_whose_frontend_dies_is_not_sent_to_another(
    form: dict[str, bytes],
) -> None:
    async with upstream(die) as one, upstream(die) as other:
        async with client(one.address, other.address) as http:
            assert is_retry_later(await http.post(EDITS, files=form), 503)
        assert arrived(one, other) == 1


async def test_what_only_reads_is_asked_of_the_next_frontend_where_one_dies() -> None:
    async with upstream(die) as bad, upstream(answer) as good:
        async with client(bad.address, good.address) as http:
            told = [await http.get("/v1/models") for _ in range(4)]
        assert [each.status_code for each in told] == [200] * 4
        assert arrived(bad) >= 1


async def test_a_frontend_that_hangs_is_given_up_and_nothing_is_sent_twice() -> None:
    async with upstream(hang) as one, upstream(hang) as other:
        async with client(one.address, other.address, PROXY_READ_TIMEOUT="1s") as http:
            assert is_retry_later(await http.post(EDITS, files=FORM), 504)
        assert arrived(one, other) == 1


async def test_frontends_hear_of_the_client_from_the_proxy_alone() -> None:
    forged = {
        "X-Forwarded-For": "10.0.0.1",
        "X-Forwarded-Proto": "gopher",
        "X-Forwarded-Host": "elsewhere",
        "Forwarded": "for=10.0.0.1",
    }
    async with upstream(answer) as good:
        async with client(good.address) as http:
            await http.get("/v1/models", headers=forged)
        [head] = good.heads
    lines = [line for line in head.decode().lower().splitlines() if "forwarded" in line]
    assert lines == ["x-forwarded-for: 127.0.0.1", "x-forwarded-proto: https"]


def arrived(*upstreams: Upstream) -> int:
    """How many requests got there."""
    return sum(len(each.heads) for each in upstreams)
