"""Clients that hang up in the middle of a request or of its answer."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Final

import httpx
import numpy as np

from tests.e2e.edits import Edit
from tests.e2e.product import Product

_END_OF_HEAD: Final = b"\r\n\r\n"
_MOST_EVENTS: Final = 8


def request_of(product: Product, edit: Edit) -> bytes:
    """What is sent to ask for an edit."""
    form = httpx.Request(
        "POST",
        f"{product.url}/v1/images/edits",
        headers=product.headers,
        data=edit.fields,
        files=edit.files(),
    )
    body = form.read()
    lines = ["POST /v1/images/edits HTTP/1.1", *map(": ".join, form.headers.items()), "", ""]
    return "\r\n".join(lines).encode() + body


class Leaver:
    """One client after the other, each on a connection of its own.

    Args:
        product: whom they ask.
        rng: when they leave.
        longest_stay_seconds: how long those wait at most who leave without a sign of life.

    Attributes:
        refused: how many were told that there is no room for their edit.
    """

    def __init__(
        self, product: Product, rng: np.random.Generator, longest_stay_seconds: float
    ) -> None:
        self._product = product
        self._rng = rng
        self._longest_stay_seconds = longest_stay_seconds
        self.refused = 0

    async def in_head(self, request: bytes) -> None:
        """Leave before the head is sent."""
        await self._leave_sending(request[: self._rng.integers(request.index(_END_OF_HEAD))])

    async def in_body(self, request: bytes) -> None:
        """Leave before the body is sent."""
        begin = request.index(_END_OF_HEAD) + len(_END_OF_HEAD)
        await self._leave_sending(request[: self._rng.integers(begin, len(request))])

    async def waiting(self, request: bytes) -> None:
        """Leave while the edit is in the queue or painted."""
        async with self._sent(request):
            await asyncio.sleep(self._rng.uniform(0, self._longest_stay_seconds))

    async def between_events(self, request: bytes) -> None:
        """Leave in the middle of a stream, or at its end: who reads slowly gets fewer events."""
        async with self._sent(request) as reader:
            head = await self._head(reader)
            events = self._rng.integers(_MOST_EVENTS) if b"event-stream" in head else 0
            with contextlib.suppress(asyncio.IncompleteReadError):
                for _ in range(events):
                    await reader.readuntil(b"\n\n")

    async def in_answer(self, request: bytes) -> None:
        """Leave in the middle of the answer that all was waited for."""
        async with self._sent(request) as reader:
            head = await self._head(reader)
            [length] = [
                line[16:] for line in head.split(b"\r\n") if line[:16] == b"content-length: "
            ]
            await reader.readexactly(self._rng.integers(int(length)))

    async def _head(self, reader: asyncio.StreamReader) -> bytes:
        head = await reader.readuntil(_END_OF_HEAD)
        status = head.split()[1]
        assert status in (b"200", b"503"), head
        self.refused += status == b"503"
        return head

    async def _leave_sending(self, beginning: bytes) -> None:
        async with self._sent(beginning):
            await asyncio.sleep(self._rng.uniform(0, 0.05))

    @contextlib.asynccontextmanager
    async def _sent(self, request: bytes) -> AsyncIterator[asyncio.StreamReader]:
        """Connect and send; at the end the connection is closed at once."""
        host, _, port = self._product.url.removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        try:
            writer.write(request)
            await writer.drain()
            yield reader
        finally:
            writer.transport.abort()
            await writer.wait_closed()
