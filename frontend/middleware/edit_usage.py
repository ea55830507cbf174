"""Records each edit when its answer is out, or its client gone: streamed or not, good or bad."""

import asyncio
import time
from typing import Final

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from frontend.errors.base import ApiError
from frontend.errors.service import DrainingError, UnexpectedError
from frontend.middleware.notes import notes_of
from frontend.services import Services
from frontend.usage.entry import usage_entry
from frontend.usage.table import CLIENT_LEFT

EDITS_PATH: Final = "/v1/images/edits"


class EditUsage:
    """Stands inside `RequestContext`; needs the services that the application's lifespan opens."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"] != EDITS_PATH or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        watch = _Watch(receive, send)
        try:
            await self._app(scope, watch.receive, watch.send)
        except ClientDisconnect:
            watch.has_left = True
            raise
        except asyncio.CancelledError:  # the server stops and waits no longer
            watch.fault = DrainingError()
            raise
        except Exception:
            watch.fault = UnexpectedError()
            raise
        finally:
            _record(scope, watch)


class _Watch:
    """Sees how the exchange with a client ends."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._started = time.perf_counter()
        self._status: int | None = None
        self._is_complete = False
        self.has_left = False
        self.fault: ApiError | None = None  # what `RequestContext` is going to tell the client

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.disconnect" and not self._is_complete:
            self.has_left = True
        return message

    async def send(self, message: Message) -> None:
        await self._send(message)
        if message["type"] == "http.response.start":
            self._status = message["status"]
        elif message["type"] == "http.response.body":
            self._is_complete = not message.get("more_body", False)

    @property
    def status(self) -> int:
        """The HTTP status that the client got, or would have got."""
        if self.has_left and not self._is_complete:
            return CLIENT_LEFT
        if self._status is not None:
            return self._status
        return (self.fault or UnexpectedError()).status

    @property
    def milliseconds(self) -> int:
        return round((time.perf_counter() - self._started) * 1000)


def _record(scope: Scope, watch: _Watch) -> None:
    notes = notes_of(scope)
    if watch.fault is not None:
        notes.error(watch.fault)
    entry = usage_entry(notes, watch.status, watch.milliseconds)
    if entry is not None:
        services: Services = scope["app"].state.services
        services.usage.put(entry)
