"""Slow and vanishing clients: cut in bounded time, and nobody waits for them."""

import asyncio
import contextlib
import socket
import struct
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import numpy as np
import pytest

from tests.e2e.edits import post, random_edit
from tests.e2e.leaving import leave, long_edit, work_that_ends_with_its_client
from tests.e2e.models import SMALL
from tests.e2e.product import Product
from tests.proxy.conftest import HEADER_SECONDS, SEND_SECONDS, UPLOAD_SECONDS
from tests.proxy.http2 import Http2Request
from tests.proxy.raw import connect, hang_up, parsed
from tests.servers.nginx import Proxy

SLOW = 100
SLACK_SECONDS = 3.0  # this machine may be busy


def edit_head(frontend: Product, length: int) -> bytes:
    """The head of an edit's request."""
    return (
        "POST /v1/images/edits HTTP/1.1\r\nHost: test\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n"
        f"Content-Length: {length}\r\nAuthorization: Bearer {frontend.key}\r\n\r\n"
    ).encode()


async def trickle(proxy: Proxy, beginning: bytes, piece: bytes) -> tuple[float, bytes]:
    """Send a piece every now and then, until hung up on; how long that took and what was said."""
    reader, writer = await connect(proxy)
    started = time.monotonic()
    writer.write(beginning)
    said = asyncio.create_task(reader.read())
    try:
        while not said.done():
            writer.write(piece)
            await asyncio.wait({said}, timeout=0.1)
        return time.monotonic() - started, await said
    except ConnectionError:
        return time.monotonic() - started, b""
    finally:
        await hang_up(writer)


@asynccontextmanager
async def besieged(proxy: Proxy, beginning: bytes, piece: bytes) -> AsyncIterator[list[float]]:
    """While `SLOW` clients trickle; afterwards holds how long each of them was let."""
    seconds: list[float] = []
    slow = [asyncio.create_task(trickle(proxy, beginning, piece)) for _ in range(SLOW)]
    yield seconds
    seconds += [lasted for lasted, _ in await asyncio.gather(*slow)]


async def answer_seconds(http: httpx.AsyncClient) -> float:
    """How long an honest client waits."""
    started = time.monotonic()
    assert (await http.get("/v1/models")).status_code == httpx.codes.OK
    return time.monotonic() - started


async def test_clients_that_send_their_head_slowly_are_cut_and_hold_nobody_up(
    proxy: Proxy, http: httpx.AsyncClient
) -> None:
    async with besieged(proxy, b"GET / HTTP/1.1\r\nHost: test\r\n", b"A: b\r\n") as seconds:
        assert await answer_seconds(http) < SLACK_SECONDS
    assert max(seconds) < HEADER_SECONDS + SLACK_SECONDS


async def test_clients_that_send_their_body_slowly_are_told_and_hold_nobody_up(
    proxy: Proxy, frontend: Product, http: httpx.AsyncClient
) -> None:
    form = b'--x\r\nContent-Disposition: form-data; name="prompt"\r\n\r\n'
    beginning = edit_head(frontend, 10**6) + form
    edit = random_edit(np.random.default_rng(31), SMALL)
    async with besieged(proxy, beginning, b"a") as seconds:
        assert (await post(http, edit)).status_code == httpx.codes.OK
    assert max(seconds) < UPLOAD_SECONDS + SLACK_SECONDS
    lasted, said = await trickle(proxy, beginning, b"a")
    answer = parsed(said)
    assert (answer.status, answer.error["code"]) == (408, "request_timeout")
    assert answer.headers["x-request-id"].startswith("req_")
    assert lasted >= UPLOAD_SECONDS


async def test_a_client_without_a_key_is_told_before_it_sends_its_body(proxy: Proxy) -> None:
    head = b"POST /v1/images/edits HTTP/1.1\r\nHost: test\r\nContent-Length: 1000000\r\n\r\n"
    lasted, said = await trickle(proxy, head, b"a")
    assert parsed(said).status == 401
    assert lasted < UPLOAD_SECONDS


@pytest.mark.parametrize("stream", [{}, {"stream": "true", "partial_images": 3}])
async def test_a_client_that_leaves_stops_the_work(
    http: httpx.AsyncClient, product: Product, stream: dict[str, Any]
) -> None:
    await leave(http, product.triton, stream)


async def test_a_request_over_http_2_that_is_taken_back_stops_the_work(
    proxy: Proxy, product: Product, frontend: Product
) -> None:
    edit = long_edit()
    form = httpx.Request("POST", proxy.url, data=edit.fields, files=edit.files())
    headers = frontend.headers | {"Content-Type": form.headers["content-type"]}
    async with work_that_ends_with_its_client(product.triton, most_more=0) as begun:
        request = await Http2Request.open(proxy)
        await request.post("/v1/images/edits", headers, form.read())
        await begun()
        await request.take_back()
        # Its connection stays, so nothing but the frame says so.
        await asyncio.sleep(0.5)
    await request.close()


@pytest.mark.parametrize("stream", [{}, {"stream": "true"}])
async def test_a_client_that_never_reads_its_answer_is_dropped(
    proxy: Proxy, frontend: Product, stream: dict[str, Any]
) -> None:
    big: dict[str, Any] = {"size": "1024x1024", "n": 4, "num_inference_steps": 1}
    edit = random_edit(np.random.default_rng(22), SMALL, side=1024, **(big | stream))
    request = httpx.Request(
        "POST", f"{proxy.url}/v1/images/edits", data=edit.fields, files=edit.files()
    )
    body = request.read()
    head = edit_head(frontend, len(body)).replace(
        b"multipart/form-data; boundary=x", request.headers["content-type"].encode()
    )

    received, lasted = await asyncio.to_thread(read_late, proxy, head + body)
    told = int(parsed(received).headers.get("content-length", 2**30))
    assert len(received) < told, "the kernel has room for the whole answer"
    assert lasted < SLACK_SECONDS + SEND_SECONDS


def read_late(proxy: Proxy, request: bytes) -> tuple[bytes, float]:
    """Send the request and wait for the first byte of the answer, but read only when it is over.

    Returns what came at all, and how long after its first byte the connection was cut.
    """
    with socket.socket() as plain:
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        plain.connect(("127.0.0.1", proxy.https_port))
        with proxy.tls.wrap_socket(plain, server_hostname="127.0.0.1") as client:
            client.sendall(request)
            received = client.recv(1)
            started = time.monotonic()
            while not is_cut(client) and time.monotonic() < started + 30:
                time.sleep(0.05)
            lasted = time.monotonic() - started
            with contextlib.suppress(OSError):
                while more := client.recv(65536):
                    received += more
            return received, lasted


def is_cut(client: socket.socket) -> bool:
    """Whether the kernel knows that the connection is no more."""
    state = struct.unpack("B", client.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1))[0]
    return bool(state != ESTABLISHED)


ESTABLISHED = 1
