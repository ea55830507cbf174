"""The frame around each request: id, log line, headers, and an answer to the unexpected."""

import asyncio
import time

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, clear_contextvars

from frontend.errors.handlers import error_response, log_unexpected
from frontend.errors.service import DrainingError, UnexpectedError
from frontend.middleware.answer_headers import answer_headers, new_request_id
from frontend.middleware.notes import RequestNotes
from frontend.telemetry.requests import count_request, route_of
from frontend.telemetry.spans import end_request, request_span
from frontend.usage.table import CLIENT_LEFT

_log: structlog.stdlib.BoundLogger = structlog.get_logger()


class RequestContext:
    """Gives each request an id, logs one line for it and turns unexpected errors into a 500."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        clear_contextvars()
        notes = RequestNotes(new_request_id())
        notes.attach(scope)
        answer = _Answer(send, notes)
        bind_contextvars(request_id=notes.request_id)
        with request_span(scope) as span:
            try:
                await self._serve(scope, receive, answer)
            finally:
                end_request(span, scope["method"], route_of(scope), answer.status)
                count_request(scope, answer.status, answer.seconds, notes.code)
                _log_request(scope, notes, answer)

    async def _serve(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        try:
            await self._app(scope, receive, answer.send)
        except ClientDisconnect:
            answer.status = CLIENT_LEFT
        except asyncio.CancelledError:  # the server stops and waits no longer
            if answer.status is None:
                await error_response(DrainingError())(scope, receive, answer.send)
        except Exception as error:
            log_unexpected(error)
            # An answer that has begun is left incomplete, and uvicorn closes the connection. It
            # would log a raised error with its message, which may quote the request.
            if answer.status is None:
                await error_response(UnexpectedError())(scope, receive, answer.send)


class _Answer:
    """Watches a response go out, and adds the headers that every response has."""

    def __init__(self, send: Send, notes: RequestNotes) -> None:
        self._send = send
        self._notes = notes
        self._started = time.perf_counter()
        self.status: int | None = None

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self._started

    @property
    def milliseconds(self) -> int:
        return round(self.seconds * 1000)

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers.update(self._notes.headers)
            headers.update(answer_headers(self._notes.request_id, self.milliseconds))
        await self._send(message)


def _log_request(scope: Scope, notes: RequestNotes, answer: _Answer) -> None:
    _log.info(
        "request",
        method=scope["method"],
        route=route_of(scope),
        status=answer.status,
        milliseconds=answer.milliseconds,
        **({} if notes.code is None else {"code": notes.code}),
    )
