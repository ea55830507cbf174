"""A client that sends its whole body, slowly, before it looks for an answer."""

import socket
import time
from typing import Final

MEBIBYTE: Final = 2**20
_PIECE: Final = bytes(MEBIBYTE // 8)
_PAUSE_SECONDS: Final = 0.01
_PATIENCE_SECONDS: Final = 10


def edit_head(*lines: str) -> bytes:
    """The head of an edit's request, with these lines."""
    return "\r\n".join(("POST /v1/images/edits HTTP/1.1", "Host: test", *lines, "", "")).encode()


def answer_to(address: str, head: bytes, size_bytes: int = 4 * MEBIBYTE) -> bytes:
    """Send a head and so many zeros, and return the beginning of what came back.

    Raises:
        OSError: the connection was reset.
    """
    host, _, port = address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), _PATIENCE_SECONDS) as client:
        client.sendall(head)
        for _ in range(size_bytes // len(_PIECE)):
            time.sleep(_PAUSE_SECONDS)
            client.sendall(_PIECE)
        return client.recv(4096)


def status_of(answer: bytes) -> int:
    """Its HTTP status."""
    return int(answer.split()[1])
