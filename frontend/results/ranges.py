"""Which bytes of a result a client wants, and whether it has them already (RFC 9110)."""

import re
from typing import Final

from starlette.datastructures import Headers

from frontend.errors.request import RangeNotSatisfiableError

_SPAN: Final = re.compile(r"bytes=(?:(\d{1,18})-(\d{1,18})?|-(\d{1,18}))", re.ASCII)


def is_cached(headers: Headers, etag: str) -> bool:
    """Whether `If-None-Match` says that the client has the result with this tag."""
    known = [tag.strip() for tag in headers.get("if-none-match", "").split(",")]
    return "*" in known or etag in (tag.removeprefix("W/") for tag in known)


def wants_range(headers: Headers, etag: str) -> bool:
    """Whether `Range` is to be looked at: `If-Range` asks for the whole if the tag differs."""
    return "range" in headers and headers.get("if-range", etag) == etag


def requested_span(header: str, size_bytes: int) -> range | None:
    """Return the bytes that a `Range` header asks for; None if it is to be ignored.

    To be ignored are other units than bytes, several spans at once and what does not parse.

    Raises:
        RangeNotSatisfiableError: the result has none of these bytes.
    """
    match = _SPAN.fullmatch(header.strip())
    if match is None:
        return None
    first, last, suffix = (None if text is None else int(text) for text in match.groups())
    if first is None:
        span = range(max(size_bytes - (suffix or 0), 0), size_bytes)
    elif last is not None and last < first:
        return None
    else:
        span = range(first, size_bytes if last is None else min(last + 1, size_bytes))
    if not span:
        raise RangeNotSatisfiableError(size_bytes)
    return span
