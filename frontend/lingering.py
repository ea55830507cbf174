"""A connection that lets a client finish sending, so that it gets to read its answer.

A kernel that is to close a connection on which data still comes resets it, and a client that is hit
by that while it sends sees no answer. So what a refused client still sends is read and thrown away.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Final

_MOST_SECONDS: Final = 30.0
_SILENCE_SECONDS: Final = 5.0
_MOST_BYTES: Final = 256 * 2**20


class Discarding:
    """Ends a connection whose client sends on for too long, too much, or no more.

    Args:
        end: ends it at once.
    """

    def __init__(self, end: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._end = end
        self._room_bytes = _MOST_BYTES
        self._deadline = self._loop.call_later(_MOST_SECONDS, end)
        self._silence = self._loop.call_later(_SILENCE_SECONDS, end)

    def count(self, size_bytes: int) -> None:
        """Note that so much came and was thrown away."""
        self._silence.cancel()
        self._silence = self._loop.call_later(_SILENCE_SECONDS, self._end)
        self._room_bytes -= size_bytes
        if self._room_bytes < 0:
            self._end()

    def stop(self) -> None:
        """Let the connection be."""
        self._deadline.cancel()
        self._silence.cancel()


class LingeringTransport(asyncio.Transport):
    """A socket's transport; only its `close` differs.

    Args:
        transport: the socket's.
        linger: asked when it is to be closed; whether the client may still be sending. If so, only
            our half is closed, and whoever is asked has to `abort` it in the end.
    """

    def __init__(self, transport: asyncio.Transport, linger: Callable[[], bool]) -> None:
        super().__init__()
        self._transport = transport
        self._linger = linger
        self._is_lingering = False

    def close(self) -> None:
        """Close it when everything is written and, as far as that is waited for, read."""
        if self.is_closing():
            return
        if not self._linger():
            self._transport.close()
            return
        self._is_lingering = True
        self._transport.write_eof()
        self._transport.resume_reading()

    def abort(self) -> None:
        """Close it at once."""
        self._transport.abort()

    def is_closing(self) -> bool:
        """Whether it is closed, or about to be."""
        return self._is_lingering or self._transport.is_closing()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send."""
        self._transport.write(data)

    def pause_reading(self) -> None:
        """Let the client wait."""
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Let the client go on."""
        self._transport.resume_reading()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Return what is known of the socket."""
        return self._transport.get_extra_info(name, default)
