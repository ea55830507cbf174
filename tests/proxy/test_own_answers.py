"""What the proxy itself answers looks like an answer of the frontend."""

import asyncio
import json
from typing import Any

import pytest

from tests.proxy.raw import CLOSE, Answer, spoken
from tests.servers.nginx import Proxy

INVALID = "invalid_http_request"
EDITS = b"POST /v1/images/edits HTTP/1.1\r\n"


async def check(answer: Answer, status: int, code: str | None, proxy: Proxy) -> None:
    """The answer is an error in OpenAI's form, and the log knows its id."""
    assert answer.status == status
    assert set(answer.error) == {"message", "type", "param", "code"}
    assert (answer.error["code"], answer.error["param"]) == (code, None)
    assert answer.error["message"]
    request_id = answer.headers["x-request-id"]
    assert request_id.startswith("req_")
    assert (await logged(proxy, request_id))["status"] == status


async def logged(proxy: Proxy, request_id: str) -> dict[str, Any]:
    """The log's line of a request, which is written when the answer is out."""
    async with asyncio.timeout(5):
        while True:
            for line in map(json.loads, proxy.log.read_text().splitlines()):
                if line["request_id"] == request_id:
                    found: dict[str, Any] = line
                    return found
            await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("request_bytes", "status", "code"),
    [
        (b"nonsense\r\n\r\n", 400, INVALID),
        (b"GET / HTTP/1.1\r\n\r\n", 400, INVALID),  # no host
        (b"GET /v1/models HTTP/1.1\r\n" + CLOSE + b"Content-Length: many\r\n\r\n", 400, INVALID),
        (b"GET /%zz HTTP/1.1\r\n" + CLOSE + b"\r\n", 400, INVALID),
        (b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n" + CLOSE + b"\r\n", 414, INVALID),
        (b"GET / HTTP/1.1\r\n" + CLOSE + b"A: " + b"a" * 20_000 + b"\r\n\r\n", 431, INVALID),
        (EDITS + CLOSE + b"Transfer-Encoding: gzip\r\n\r\n", 501, INVALID),
        (EDITS + CLOSE + b"Content-Length: 36000000\r\n\r\n", 413, "request_too_large"),
        (b"TRACE / HTTP/1.1\r\n" + CLOSE + b"\r\n", 405, "method_not_supported"),
        (b"GET /health/ready HTTP/1.1\r\n" + CLOSE + b"\r\n", 404, None),
        (b"GET /health HTTP/1.1\r\n" + CLOSE + b"\r\n", 404, None),
        (b"GET //metrics HTTP/1.1\r\n" + CLOSE + b"\r\n", 404, None),
        (b"GET /v1/../%6detrics HTTP/1.1\r\n" + CLOSE + b"\r\n", 404, None),
    ],
)
async def test_what_does_not_get_to_the_frontend_has_an_openai_body(
    proxy: Proxy, request_bytes: bytes, status: int, code: str | None
) -> None:
    answer = await spoken(proxy, request_bytes)
    await check(answer, status, code, proxy)
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["server"] == "nginx"  # no version


async def test_a_request_without_tls_is_told_so_on_the_port_for_tls(proxy: Proxy) -> None:
    swapped = Proxy(proxy.http_port, proxy.https_port, proxy.certificate, proxy.log)
    answer = await spoken(swapped, b"GET /v1/models HTTP/1.1\r\n" + CLOSE + b"\r\n", plain=True)
    await check(answer, 400, INVALID, proxy)


async def test_without_tls_a_browser_is_sent_to_the_public_address_and_a_key_is_refused(
    proxy: Proxy,
) -> None:
    page = await spoken(proxy, b"GET /keys?a=b HTTP/1.1\r\n" + CLOSE + b"\r\n", plain=True)
    assert page.status == 308
    assert page.headers["location"] == f"{proxy.url}/keys?a=b"
    answer = await spoken(proxy, EDITS + CLOSE + b"Content-Length: 9\r\n\r\n", plain=True)
    await check(answer, 426, "https_required", proxy)


async def test_pages_of_any_origin_may_read_the_errors_of_the_api_and_of_nothing_else(
    proxy: Proxy,
) -> None:
    too_large = CLOSE + b"Content-Length: 36000000\r\n\r\n"
    answers = [await spoken(proxy, EDITS + too_large)]
    answers += [await spoken(proxy, b"POST /admin/api/session HTTP/1.1\r\n" + too_large)]
    allowed = [answer.headers.get("access-control-allow-origin") for answer in answers]
    assert allowed == ["*", None]
