"""Counts requests by what they were for and how they ended."""

from typing import Final

from starlette.types import Scope

from frontend.telemetry.metrics import REFUSALS, REQUEST_SECONDS, REQUESTS

# A client may send any word as its method.
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_OTHER: Final = "other"


def route_of(scope: Scope) -> str | None:
    """The template of the route, not the path: a result's path is a secret."""
    path: str | None = getattr(scope.get("route"), "path", None)
    return path


def count_request(scope: Scope, status: int | None, seconds: float, code: str | None) -> None:
    """Count an answered request.

    Args:
        scope: its ASGI scope, after routing.
        status: of the answer; None if none was begun.
        seconds: how long it took.
        code: of the error that it ended in.
    """
    route = route_of(scope) or _OTHER
    method = scope["method"] if scope["method"] in _METHODS else _OTHER
    REQUESTS.labels(route, method, str(status or _OTHER)).inc()
    REQUEST_SECONDS.labels(route, method).observe(seconds)
    if code is not None:
        REFUSALS.labels(code).inc()
