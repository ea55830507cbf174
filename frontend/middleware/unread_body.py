"""Reads what a refusal left unread of a request's body.

A server that answers and closes while the client still sends resets the connection, and many
clients then report a broken pipe in place of the answer.
"""

import asyncio
from contextlib import suppress
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PATIENCE_SECONDS: Final = 10.0


class UnreadBody:
    """Before a response begins, takes in the rest of the request's body, up to a limit."""

    def __init__(self, app: ASGIApp, limit_bytes: int) -> None:
        self._app = app
        self._limit_bytes = limit_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = _Body(receive, self._limit_bytes)

        async def send_after_body(message: Message) -> None:
            if message["type"] == "http.response.start":
                with suppress(TimeoutError):
                    await asyncio.wait_for(body.drain(), _PATIENCE_SECONDS)
            await send(message)

        await self._app(scope, body.receive, send_after_body)


class _Body:
    """A request's body on its way in."""

    def __init__(self, receive: Receive, limit_bytes: int) -> None:
        self._receive = receive
        self._left_bytes = limit_bytes
        self._ended = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._ended = not message.get("more_body", False)
        self._left_bytes -= len(message.get("body", b""))
        return message

    async def drain(self) -> None:
        while not self._ended and self._left_bytes > 0:
            await self.receive()
