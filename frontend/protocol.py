"""HTTP as uvicorn speaks it, but for two things.

Requests that are none get OpenAI's body too, and a client that is answered before it has sent
everything can read the answer: the rest is thrown away, within bounds.
"""

import asyncio
import sys
from typing import Final

import h11
import structlog
from uvicorn.protocols.http.h11_impl import STATUS_PHRASES, H11Protocol

from frontend.errors.handlers import error_response
from frontend.errors.request import UnreadableRequestError
from frontend.lingering import Discarding, LingeringTransport
from frontend.middleware.answer_headers import answer_headers, new_request_id

_SENDING: Final = (h11.SEND_BODY, h11.ERROR)  # what is broken may go on
_CAN_ANSWER: Final = (h11.IDLE, h11.SEND_RESPONSE)
_BAD_REQUEST: Final = 400
_log: structlog.stdlib.BoundLogger = structlog.get_logger()


class Protocol(H11Protocol):
    """One connection."""

    _discarding: Discarding | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin."""
        super().connection_made(LingeringTransport(transport, self._linger))

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        super().connection_lost(exc)
        if self._discarding is not None:
            self._discarding.stop()

    def data_received(self, data: bytes) -> None:
        """Take what the client sends."""
        if self._discarding is not None:
            self._discarding.count(len(data))
        if self.transport.is_closing():
            return
        super().data_received(data)
        if self._discarding is not None and not self.transport.is_closing():
            self._go_on_when_all_is_read(self._discarding)

    def on_response_complete(self) -> None:
        """Go on to the next request, or to the rest of this one."""
        if self._is_answered_early:
            self._discard()
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words
        """Refuse what h11 could not parse, and close: where it ends is unknown."""
        if self.cycle is not None:  # the request's body is broken: its work is of no use any more
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.conn.our_state in _CAN_ANSWER:
            self._refuse(getattr(sys.exception(), "error_status_hint", _BAD_REQUEST))
        self.transport.close()

    def _refuse(self, status: int) -> None:
        request_id = new_request_id()
        answer = error_response(UnreadableRequestError(status))
        answer.headers.update(answer_headers(request_id, 0) | {"connection": "close"})
        for event in (
            h11.Response(
                status_code=status, headers=answer.raw_headers, reason=STATUS_PHRASES[status]
            ),
            h11.Data(data=bytes(answer.body)),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        _log.info("request", request_id=request_id, method=None, route=None, status=status)

    @property
    def _is_answered_early(self) -> bool:
        return self.cycle.response_complete and self.conn.their_state is h11.SEND_BODY

    def _linger(self) -> bool:
        if self.conn.their_state not in _SENDING:
            return False
        self._discard()
        return True

    def _discard(self) -> None:
        if self._discarding is None:
            self._discarding = Discarding(self.transport.abort)

    def _go_on_when_all_is_read(self, discarding: Discarding) -> None:
        if self._is_answered_early:
            return
        discarding.stop()
        self._discarding = None
        if self.cycle.response_complete:  # the next request has not begun
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )
