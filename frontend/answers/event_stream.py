"""Messages -> server-sent events."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Final

from fastapi.sse import EventSourceResponse
from pydantic_core import to_json
from starlette.types import Message, Receive, Scope, Send

from frontend.answers.keep_alive import kept_alive
from frontend.answers.messages import EditMessage
from frontend.editing.disconnect import unless_disconnected
from frontend.errors.base import ApiError, ErrorBody
from frontend.errors.handlers import as_told
from frontend.errors.service import DrainingError
from frontend.middleware.notes import notes_of

_HEADERS: Final = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}


class EventStream(EventSourceResponse):
    """A response that begins with its first message or keep-alive.

    So an error before that is an ordinary answer. A later one is the last event of the stream, in
    the form that OpenAI's clients raise.

    Attributes:
        failure: the error that ended it, if one did.
    """

    def __init__(
        self,
        messages: AsyncGenerator[EditMessage, None],
        keep_alive_seconds: float,
        headers: Mapping[str, str],
    ) -> None:
        self.failure: ApiError | None = None
        self._has_begun = False
        chunks = self._chunks(messages, keep_alive_seconds)
        super().__init__(chunks, headers={**_HEADERS, **headers})
        self._content = chunks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the stream; a client that leaves ends it and the edit.

        Raises:
            ClientDisconnect: the client left.
            CancelledError: the server stops; the last event of a stream says so.
            Exception: what the messages raised before the response began.
        """
        try:
            await unless_disconnected(receive, self.stream_response(send))
        except asyncio.CancelledError:
            if self._has_begun:
                await self._end(send, _event("error", DrainingError().body))
            raise
        if self.failure is not None:
            notes_of(scope).error(self.failure)

    async def stream_response(self, send: Send) -> None:
        """See `StreamingResponse`; but nothing is sent before there is a first chunk."""
        async with aclosing(self._content) as chunks:
            async for chunk in chunks:
                if not self._has_begun:
                    self._has_begun = True
                    await send(self._start())
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await self._end(send, b"")

    async def _end(self, send: Send, last: bytes) -> None:
        await send({"type": "http.response.body", "body": last, "more_body": False})

    def _start(self) -> Message:
        return {
            "type": "http.response.start",
            "status": self.status_code,
            "headers": self.raw_headers,
        }

    async def _chunks(
        self, messages: AsyncGenerator[EditMessage, None], keep_alive_seconds: float
    ) -> AsyncGenerator[bytes, None]:
        has_begun = False
        try:
            async with aclosing(kept_alive(_encoded(messages), keep_alive_seconds)) as chunks:
                async for chunk in chunks:
                    has_begun = True
                    yield chunk
        except Exception as error:
            if not has_begun:
                raise
            self.failure = as_told(error)
            yield _event("error", self.failure.body)


async def _encoded(messages: AsyncGenerator[EditMessage, None]) -> AsyncGenerator[bytes, None]:
    async with aclosing(messages):
        async for message in messages:
            yield _event(message.type, message)


def _event(name: str, data: EditMessage | ErrorBody) -> bytes:
    """One event. JSON is a single line, so megabytes need not be searched for line ends."""
    return b"event: %b\ndata: %b\n\n" % (name.encode(), to_json(data))
