"""Requests and answers byte by byte."""

import asyncio
import contextlib
import json
from dataclasses import dataclass
from typing import Any

from tests.servers.nginx import Proxy

CLOSE = b"Host: test\r\nConnection: close\r\n"


@dataclass(frozen=True)
class Answer:
    """What came back until the connection was closed."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def error(self) -> dict[str, Any]:
        """OpenAI's error object."""
        assert self.headers["content-type"] == "application/json"
        error: dict[str, Any] = json.loads(self.body)["error"]
        return error


async def connect(
    proxy: Proxy, *, plain: bool = False
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Open a connection, with TLS or to the port that has none."""
    if plain:
        return await asyncio.open_connection("127.0.0.1", proxy.http_port)
    return await asyncio.open_connection("127.0.0.1", proxy.https_port, ssl=proxy.tls)


def parsed(data: bytes) -> Answer:
    """The answer that the bytes are."""
    head, _, body = data.partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    return Answer(int(status.split()[1]), headers, body)


async def spoken(proxy: Proxy, request: bytes, *, plain: bool = False) -> Answer:
    """Send bytes, and return the answer."""
    reader, writer = await connect(proxy, plain=plain)
    try:
        writer.write(request)
        async with asyncio.timeout(10):
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(parsed(head).headers["content-length"])
            return parsed(head + await reader.readexactly(length))
    finally:
        await hang_up(writer)


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Close a connection at once: a farewell by TLS would outlive the test."""
    writer.transport.abort()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
