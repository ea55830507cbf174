"""A client of the bare ASGI application that leaves, or stops reading, at will."""

import asyncio
from typing import Any

from fastapi import FastAPI
from httpx import AsyncClient

from tests.frontend.samples import mask_with_hole, noise, png_of

FILES = {"image": png_of(noise(64)), "mask": png_of(mask_with_hole(64, 10, 10, 30, 30))}
FIELDS = {"prompt": "a secret bird", "model": "retouch-mini", "size": "256x256"}


class Caller:
    """One edit, asked for by hand."""

    def __init__(self, app: FastAPI, key: str, *, idempotency_key: str = "", **fields: str) -> None:
        request = AsyncClient().build_request(
            "POST",
            "http://test/v1/images/edits",
            data=FIELDS | fields,
            files=FILES,
            headers={"Idempotency-Key": idempotency_key} if idempotency_key else {},
        )
        self._app = app
        self._body = request.read()
        self._sent = False
        self.left = asyncio.Event()
        self.reads = asyncio.Event()
        self.reads.set()
        self.messages: list[Any] = []
        sent = [*request.headers.raw, (b"authorization", f"Bearer {key}".encode())]
        self._scope = {
            "type": "http",
            "method": "POST",
            "path": "/v1/images/edits",
            "raw_path": b"/v1/images/edits",
            "query_string": b"",
            "root_path": "",
            "scheme": "http",
            "server": ("test", 80),
            "http_version": "1.1",
            "headers": [(name.lower(), value) for name, value in sent],
        }

    @property
    def body(self) -> bytes:
        """What has arrived."""
        return b"".join(message.get("body", b"") for message in self.messages)

    async def receive(self) -> dict[str, Any]:
        """The request, and later that the client has left."""
        if not self._sent:
            self._sent = True
            return {"type": "http.request", "body": self._body, "more_body": False}
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        """Take a message in, and then wait as a full socket does."""
        self.messages.append(message)
        await self.reads.wait()

    async def call(self) -> None:
        """Send the request, and return when it is over."""
        await self._app(self._scope, self.receive, self.send)
