"""Frontends that do what a good one never does, with what they were sent."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

Behave = Callable[[bytes, asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]


@dataclass
class Upstream:
    """One of them."""

    address: str
    heads: list[bytes] = field(default_factory=list)  # of the requests that arrived


@contextlib.asynccontextmanager
async def upstream(behave: Behave) -> AsyncIterator[Upstream]:
    """Listen, read the head of every request, and behave."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
                found.heads.append(await reader.readuntil(b"\r\n\r\n"))
                await behave(found.heads[-1], reader, writer)
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    found = Upstream("{}:{}".format(*server.sockets[0].getsockname()))
    try:
        yield found
    finally:
        server.close()


async def answer(head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A good one, for once."""
    if length := re.search(rb"content-length: (\d+)", head.lower()):
        await reader.readexactly(int(length[1]))
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
    await writer.drain()


async def die(_head: bytes, _reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """Close the connection as soon as the request is there."""


async def hang(_head: bytes, reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """Never answer."""
    while await reader.read(65536):
        pass
