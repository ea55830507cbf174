"""One call of a gRPC service over HTTP/2 (RFC 9113), in its barest form.

The standard library speaks HTTP/1 alone, and Triton's image holds nothing else that could.
"""

import socket
import time
from collections.abc import Iterator
from typing import BinaryIO, Final

_PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_DATA, _HEADERS, _RESET, _SETTINGS = 0x0, 0x1, 0x3, 0x4  # types of frames
_END_STREAM, _END_HEADERS = 0x1, 0x4  # flags
_HEAD_BYTES: Final = 9
_CONNECTION, _STREAM = 0, 1


def call(address: tuple[str, int], path: str, message: bytes, timeout_seconds: float) -> bytes:
    """Send the only message of a call, and return the messages of the answer when it has ended.

    Args:
        address: the server's host and port.
        path: `/SERVICE/METHOD`.
        message: of less than 16 KiB.
        timeout_seconds: how long to wait.

    Returns:
        The messages one after the other, each behind the five bytes of its prefix.

    Raises:
        TimeoutError: the answer has not ended by then.
        OSError: there is no such server, or it has broken the connection.
    """
    deadline = time.monotonic() + timeout_seconds
    with socket.create_connection(address, timeout_seconds) as connection:
        connection.sendall(b"".join(_request(path, message)))
        with connection.makefile("rb") as answer:
            return b"".join(_contents(connection, answer, deadline))


def _request(path: str, message: bytes) -> Iterator[bytes]:
    yield _PREFACE
    yield _frame(_SETTINGS, 0, _CONNECTION, b"")
    yield _frame(_HEADERS, _END_HEADERS, _STREAM, b"".join(_headers(path)))
    prefixed = b"\0" + len(message).to_bytes(4) + message  # not compressed
    yield _frame(_DATA, _END_STREAM, _STREAM, prefixed)


def _headers(path: str) -> Iterator[bytes]:
    """The fields as HPACK's literals (RFC 7541, 6.2.2): none is longer than 127 bytes."""
    fields = {
        ":method": "POST",
        ":scheme": "http",
        ":path": path,
        ":authority": "localhost",
        "te": "trailers",
        "content-type": "application/grpc",
    }
    for name, value in fields.items():
        yield b"\0" + b"".join(bytes([len(text)]) + text.encode() for text in (name, value))


def _frame(kind: int, flags: int, stream: int, content: bytes) -> bytes:
    return len(content).to_bytes(3) + bytes([kind, flags]) + stream.to_bytes(4) + content


def _contents(connection: socket.socket, answer: BinaryIO, deadline: float) -> Iterator[bytes]:
    """Yield what the stream brings until it ends."""
    is_open = True
    while is_open:
        connection.settimeout(max(0.001, deadline - time.monotonic()))
        head = _read(answer, _HEAD_BYTES)
        content = _read(answer, int.from_bytes(head[:3]))
        kind, flags, stream = head[3], head[4], int.from_bytes(head[5:])
        if stream == _STREAM and kind == _DATA:
            yield content
        ends = kind in (_DATA, _HEADERS) and flags & _END_STREAM
        is_open = stream != _STREAM or not (ends or kind == _RESET)


def _read(answer: BinaryIO, count: int) -> bytes:
    content = answer.read(count)
    if len(content) < count:
        raise ConnectionResetError("the connection was closed")
    return content
