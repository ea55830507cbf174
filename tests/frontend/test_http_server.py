"""What only a real server and real sockets show."""

import asyncio
import http.client
import json
from collections.abc import AsyncIterator

import pytest
import structlog
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from httpx import AsyncClient, RemoteProtocolError

from tests.frontend.painter import Painter
from tests.frontend.samples import mask_with_hole, noise, png_of

FILES = {"image": png_of(noise(64)), "mask": png_of(mask_with_hole(64, 10, 10, 30, 30))}
FIELDS = {"prompt": "a bird", "model": "retouch-mini", "size": "256x256"}
MEBIBYTE = 2**20


@pytest.fixture
async def browser(address: str) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(base_url=address) as client:
        yield client


async def test_an_edit_works_over_a_socket(browser: AsyncClient, key: str) -> None:
    browser.headers["Authorization"] = f"Bearer {key}"
    answer = await browser.post("/v1/images/edits", data=FIELDS, files=FILES)
    assert answer.status_code == 200


async def test_a_closed_socket_cancels_the_edit(
    browser: AsyncClient, key: str, painter: Painter
) -> None:
    browser.headers["Authorization"] = f"Bearer {key}"
    painter.may_finish.clear()
    for count in range(1, 5):
        request = asyncio.create_task(browser.post("/v1/images/edits", data=FIELDS, files=FILES))
        while painter.running == 0:
            await asyncio.sleep(0.005)
        request.cancel()  # httpx closes the connection
        async with asyncio.timeout(1):
            while painter.cancelled < count:
                await asyncio.sleep(0.005)
    assert painter.running == 0


@pytest.mark.parametrize("path", ["/v1/images/edits", "/nowhere"])
async def test_a_client_that_sends_everything_before_it_listens_is_told_why(
    address: str, path: str
) -> None:
    def send() -> int:
        connection = http.client.HTTPConnection(address.removeprefix("http://"))
        connection.request("POST", path, bytes(20 * MEBIBYTE))
        status = connection.getresponse().status
        connection.close()
        return status

    assert await asyncio.to_thread(send) in (401, 404)


async def test_an_upload_of_unknown_length_is_stopped_at_the_limit(
    browser: AsyncClient, key: str
) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="image"\r\n\r\n'
        for _ in range(34):
            yield bytes(MEBIBYTE)

    headers = {
        "Authorization": f"Bearer {key}",
        "Content-Type": "multipart/form-data; boundary=x",
    }
    answer = await browser.post("/v1/images/edits", content=endless(), headers=headers)
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "request_too_large"


async def spoken(address: str, request: bytes) -> tuple[int, dict[str, str], bytes]:
    """Send raw bytes, and return the answer once the server has closed the connection."""
    host, _, port = address.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request)
    head, _, body = (await asyncio.wait_for(reader.read(), 5)).partition(b"\r\n\r\n")
    writer.close()
    status, *lines = head.decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    return int(status.split()[1]), headers, body


HOST = b"Host: test\r\nConnection: close\r\n"
CHUNKED = b"POST /v1/images/edits HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n"
FORM = b"Content-Type: multipart/form-data; boundary=x\r\n"


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),  # TLS on a plain port
        (b"GET /v1/models HTTP/1.1\r\n\r\n", 400),  # no host
        (b"GET /\xff HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"GET / HTTP/1.1\r\n" + HOST + b"A: b\x00c\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: many\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n" + HOST + b"A: " + b"a" * 70_000, 431),
        (b"GET /" + b"a" * 70_000, 431),
        (b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: gzip\r\n\r\n", 501),
        (CHUNKED + FORM + b"Authorization: Bearer {key}\r\n\r\nno length\r\n", 400),
    ],
)
async def test_what_is_no_http_gets_an_openai_body_too(
    address: str, key: str, request_bytes: bytes, status: int
) -> None:
    sent = request_bytes.replace(b"{key}", key.encode())
    told, headers, body = await spoken(address, sent)
    assert told == status
    error = json.loads(body)["error"]
    assert error == {
        "message": "Invalid HTTP request received.",
        "type": "invalid_request_error",
        "param": None,
        "code": "invalid_http_request",
    }
    assert headers["x-request-id"].startswith("req_")
    assert headers["connection"] == "close"
    assert headers["content-length"] == str(len(body))


@pytest.mark.parametrize(
    "path", ["/%zz", "/%", "/%ff%fe", "/v1//models", "/v1/models%00", "/nowhere?%zz"]
)
async def test_a_path_in_no_encoding_is_404(address: str, path: str) -> None:
    request = f"GET {path} HTTP/1.1\r\n".encode() + HOST + b"\r\n"
    status, headers, body = await spoken(address, request)
    assert (status, json.loads(body)["error"]["type"]) == (404, "invalid_request_error")
    assert headers["content-type"] == "application/json"


async def test_a_request_to_become_a_websocket_is_answered_as_any_other(address: str) -> None:
    upgrade = b"Host: test\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n"
    status, _, body = await spoken(address, b"GET /nowhere HTTP/1.1\r\n" + upgrade)
    assert (status, json.loads(body)["error"]["message"]) == (404, "Invalid URL (GET /nowhere)")


async def test_a_body_that_ends_early_frees_the_request(
    address: str, key: str, painter: Painter
) -> None:
    host, _, port = address.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(
        b"POST /v1/images/edits HTTP/1.1\r\nHost: test\r\nContent-Length: 1000\r\n"
        b"Content-Type: multipart/form-data; boundary=x\r\n"
        + f"Authorization: Bearer {key}\r\n\r\n--x\r\n".encode()
    )
    await writer.drain()
    writer.close()
    assert await asyncio.wait_for(reader.read(), 5) == b""
    assert painter.edits == []


async def test_an_answer_that_fails_midway_is_cut_and_the_log_tells_no_message(
    app: FastAPI, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"a part"
        message = "the prompt was: a secret bird"
        raise RuntimeError(message)

    app.add_api_route("/broken", lambda: StreamingResponse(chunks()))
    with structlog.testing.capture_logs() as logs:
        async with AsyncClient() as client:
            with pytest.raises(RemoteProtocolError):
                await client.get(f"{address}/broken")
    assert "RuntimeError" in [line.get("kind") for line in logs]
    assert "secret bird" not in str(logs) + caplog.text
