"""Spans of a request and of what is done for it; nothing is kept where nothing is exported.

A span says what was done and how long it took: no prompt, picture, key or path.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.propagate import inject
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from starlette.datastructures import Headers
from starlette.types import Scope
from structlog.contextvars import bind_contextvars

_tracer: Final = trace.get_tracer("retouch")
# Stages are children of the request, wherever in the tree of tasks and threads they are begun.
_request: ContextVar[Context | None] = ContextVar("request", default=None)


@contextmanager
def request_span(scope: Scope) -> Iterator[Span]:
    """Trace a request, as part of the client's trace if it has sent a `traceparent`."""
    carrier = dict(Headers(scope=scope))
    parent = TraceContextTextMapPropagator().extract(carrier)
    with _tracer.start_as_current_span("request", parent, SpanKind.SERVER) as current:
        token = _request.set(trace.set_span_in_context(current))
        if (context := current.get_span_context()).is_valid:
            bind_contextvars(trace_id=trace.format_trace_id(context.trace_id))
        try:
            yield current
        finally:
            _request.reset(token)


def end_request(current: Span, method: str, route: str | None, status: int | None) -> None:
    """Say how a request ended, by OpenTelemetry's conventions for HTTP."""
    current.update_name(f"{method} {route}" if route else method)
    current.set_attribute("http.request.method", method)
    if route is not None:
        current.set_attribute("http.route", route)
    if status is not None:
        current.set_attribute("http.response.status_code", status)
        if status >= 500:
            current.set_status(Status(StatusCode.ERROR))


@contextmanager
def span(name: str, kind: SpanKind = SpanKind.INTERNAL) -> Iterator[Span]:
    """Trace something that is done for the present request.

    An error's kind is kept, its words are not: they may quote the request.
    """
    with _tracer.start_as_current_span(
        name, _request.get(), kind, record_exception=False, set_status_on_exception=False
    ) as current:
        try:
            yield current
        except Exception as error:
            current.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise


def trace_headers() -> Mapping[str, str]:
    """What tells the next server which trace a call belongs to."""
    headers: dict[str, str] = {}
    inject(headers)
    return headers
