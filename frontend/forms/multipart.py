"""Reads a multipart body while it arrives, keeping no more of it than can be of use."""

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from frontend.body_limit import limited_body
from frontend.errors.request import (
    MalformedBodyError,
    SlowUploadError,
    UnsupportedContentTypeError,
)

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

_LARGEST_PART_BYTES: Final = 4 * 2**20
_MOST_PARTS: Final = 64
# The only ones that change nothing; RFC 7578 has no others in forms.
_PLAIN_ENCODINGS: Final = (b"7bit", b"8bit", b"binary")


@dataclass
class Part:
    """One field of the form.

    Attributes:
        name: the field's name.
        file_name: what the client calls the file; None for a text.
        content_type: what the client says it is, if it says.
        size_bytes: how much the client sent.
        data: at most the first 4 MiB of it.
    """

    name: str = ""
    file_name: str | None = None
    content_type: str | None = None
    size_bytes: int = 0
    data: bytearray = field(default_factory=bytearray)

    @property
    def is_blank_file(self) -> bool:
        """Whether this is what browsers send for a file that nobody chose."""
        return self.file_name == "" and not self.size_bytes


async def read_parts(request: Request, max_body_bytes: int, timeout_seconds: float) -> list[Part]:
    """Read the request's multipart body.

    Raises:
        UnsupportedContentTypeError: it is no multipart form.
        MalformedBodyError: it cannot be parsed.
        BodyTooLargeError: it is larger than `max_body_bytes`.
        SlowUploadError: it does not arrive within `timeout_seconds`.
        ClientDisconnect: the client left.
    """
    collector = _Collector()
    boundary = _boundary(request)
    try:
        parser = MultipartParser(boundary, collector.callbacks)
        async with asyncio.timeout(timeout_seconds):
            async for chunk in limited_body(request, max_body_bytes):
                parser.write(chunk)
        parser.finalize()
    except TimeoutError as error:
        raise SlowUploadError(timeout_seconds) from error
    except FormParserError as error:
        raise MalformedBodyError("it does not follow the multipart format") from error
    if not collector.ended:
        raise MalformedBodyError("it has no end")
    return collector.parts


def _boundary(request: Request) -> bytes:
    declared = request.headers.get("content-type", "")
    content_type, options = parse_options_header(declared)
    if content_type != b"multipart/form-data":
        raise UnsupportedContentTypeError(declared)
    boundary = options.get(b"boundary")
    if not boundary:
        raise MalformedBodyError("its content type names no boundary")
    return boundary


class _Collector:
    """Builds parts from the parser's events."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.ended = False
        self._header_name = b""
        self._header_value = b""

    @property
    def callbacks(self) -> "MultipartCallbacks":
        return {
            "on_part_begin": self._begin_part,
            "on_header_field": self._extend_header_name,
            "on_header_value": self._extend_header_value,
            "on_header_end": self._end_header,
            "on_headers_finished": self._end_headers,
            "on_part_data": self._extend_part,
            "on_end": self._end,
        }

    def _begin_part(self) -> None:
        if len(self.parts) == _MOST_PARTS:
            raise MalformedBodyError(f"it has more than {_MOST_PARTS} parts")
        self.parts.append(Part())

    def _extend_header_name(self, data: bytes, start: int, end: int) -> None:
        self._header_name += data[start:end]

    def _extend_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]

    def _end_header(self) -> None:
        name, value = self._header_name.lower(), self._header_value
        self._header_name = self._header_value = b""
        part = self.parts[-1]
        if name == b"content-type":
            part.content_type = value.decode("latin-1")
        if name == b"content-disposition":
            _, options = parse_options_header(value)
            part.name = options.get(b"name", b"").decode("utf-8", "replace")
            if b"filename" in options:
                part.file_name = options[b"filename"].decode("utf-8", "replace")
        if name == b"content-transfer-encoding" and value.lower() not in _PLAIN_ENCODINGS:
            raise MalformedBodyError("a part is encoded; send its bytes as they are")

    def _end_headers(self) -> None:
        if not self.parts[-1].name:
            raise MalformedBodyError("a part has no name")

    def _extend_part(self, data: bytes, start: int, end: int) -> None:
        part = self.parts[-1]
        part.size_bytes += end - start
        room = _LARGEST_PART_BYTES - len(part.data)
        part.data += data[start : min(end, start + room)]

    def _end(self) -> None:
        self.ended = True
