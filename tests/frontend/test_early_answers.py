"""Clients that are answered before they have sent everything can read why, within bounds."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from frontend.services import Services
from tests.frontend.serving import serving
from tests.frontend.uploads import MEBIBYTE, answer_to, edit_head, status_of

SIZE = 4 * MEBIBYTE
LENGTH = f"Content-Length: {SIZE}"
FORM = "Content-Type: multipart/form-data; boundary=x"
SLACK_SECONDS = 1.5


EDITS = b"/v1/images/edits"
TOO_LARGE = "Content-Length: 36000000"
CHUNKED = "Transfer-Encoding: chunked"


@pytest.mark.parametrize("connection", ["close", "keep-alive"])
@pytest.mark.parametrize(
    ("head", "status"),
    [
        (edit_head(LENGTH, "{connection}"), 401),
        (edit_head(LENGTH, "{connection}").replace(EDITS, b"/nowhere"), 404),
        (edit_head(LENGTH, "{connection}", "{key}"), 400),  # no form
        (edit_head(TOO_LARGE, "{connection}", "{key}", FORM), 413),
        (edit_head(CHUNKED, "{connection}", "{key}", FORM) + b"no length\r\n", 400),
        (edit_head("Transfer-Encoding: gzip", "{connection}"), 501),
        (edit_head("{connection}", "A: " + "a" * 70_000).rstrip(), 431),
    ],
    ids=["key", "path", "form", "size", "chunk", "encoding", "head"],
)
async def test_a_refused_client_sends_everything_and_reads_why(
    address: str, key: str, head: bytes, status: int, connection: str
) -> None:
    request = head.replace(b"{connection}", f"Connection: {connection}".encode())
    request = request.replace(b"{key}", f"Authorization: Bearer {key}".encode())
    assert status_of(await asyncio.to_thread(answer_to, address, request)) == status


async def test_a_client_that_is_refused_by_a_draining_server_sends_everything_and_reads_why(
    address: str, key: str, services: Services
) -> None:
    services.admission.drain()
    head = edit_head(LENGTH, f"Authorization: Bearer {key}", FORM)
    answer = await asyncio.to_thread(answer_to, address, head)
    assert status_of(answer) == 503
    assert b"connection: close" in answer.lower()


async def test_a_server_that_stops_lets_a_refused_client_send_everything(app: FastAPI) -> None:
    async with serving(app) as server:
        address = f"http://127.0.0.1:{server.port}"
        refused = asyncio.create_task(asyncio.to_thread(answer_to, address, edit_head(LENGTH)))
        await asyncio.sleep(0.1)
    assert status_of(await refused) == 401


async def test_a_connection_whose_upload_was_refused_is_good_for_the_next_request(
    address: str,
) -> None:
    async def slowly() -> AsyncIterator[bytes]:
        for _ in range(4):
            await asyncio.sleep(0.02)
            yield bytes(MEBIBYTE)

    ports = set()
    async with AsyncClient(base_url=address) as client:
        for _ in range(3):
            answer = await client.post("/v1/images/edits", content=slowly())
            assert answer.status_code == 401
            ports.add(answer.extensions["network_stream"].get_extra_info("client_addr"))
    assert len(ports) == 1


async def seconds_until_cut(address: str, head: bytes, piece: bytes) -> float:
    """How long a client may send a piece every now and then after it was answered."""
    host, _, port = address.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(head)
    assert (await reader.readuntil(b"}}")).startswith(b"HTTP/1.1 401")
    started = time.monotonic()
    try:
        async with asyncio.timeout(5):
            while True:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0.02)
    except ConnectionError:
        return time.monotonic() - started
    finally:
        writer.transport.abort()


@pytest.mark.parametrize("connection", ["close", "keep-alive"])
async def test_a_refused_client_that_sends_for_too_long_is_cut(
    address: str, monkeypatch: pytest.MonkeyPatch, connection: str
) -> None:
    monkeypatch.setattr("frontend.lingering._MOST_SECONDS", 0.5)
    lasted = await seconds_until_cut(address, edit_head(LENGTH, f"Connection: {connection}"), b"a")
    assert 0.4 < lasted < 0.5 + SLACK_SECONDS


@pytest.mark.parametrize("connection", ["close", "keep-alive"])
async def test_a_refused_client_that_sends_too_much_is_cut(
    address: str, monkeypatch: pytest.MonkeyPatch, connection: str
) -> None:
    monkeypatch.setattr("frontend.lingering._MOST_BYTES", MEBIBYTE)
    head = edit_head("Content-Length: 1000000000", f"Connection: {connection}")
    lasted = await seconds_until_cut(address, head, bytes(MEBIBYTE // 4))
    assert lasted < SLACK_SECONDS


@pytest.mark.parametrize("connection", ["close", "keep-alive"])
async def test_a_refused_client_that_sends_no_more_is_hung_up_on(
    address: str, monkeypatch: pytest.MonkeyPatch, connection: str
) -> None:
    monkeypatch.setattr("frontend.lingering._SILENCE_SECONDS", 0.3)
    host, _, port = address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), SLACK_SECONDS) as client:
        client.sendall(edit_head(LENGTH, f"Connection: {connection}"))
        assert await asyncio.to_thread(read_all, client)
        await asyncio.sleep(0.3 + SLACK_SECONDS)
        client.sendall(b"a")
        await asyncio.sleep(0.1)
        with pytest.raises(ConnectionError):  # nobody is there any more
            client.sendall(b"a")


def read_all(client: socket.socket) -> bytes:
    """What comes until the other side has closed."""
    return b"".join(iter(lambda: client.recv(65536), b""))


async def test_a_connection_that_was_kept_after_a_refusal_does_not_stay_for_ever(
    app: FastAPI,
) -> None:
    async with serving(app, keep_alive_seconds=1) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(edit_head("Content-Length: 9"))
        assert (await reader.readuntil(b"}}")).startswith(b"HTTP/1.1 401")
        writer.write(bytes(9))
        async with asyncio.timeout(1 + SLACK_SECONDS):
            assert await reader.read() == b""
        writer.close()
