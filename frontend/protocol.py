"""HTTP as uvicorn speaks it, but for requests that are none: these too get OpenAI's body."""

import sys
from typing import Final

import h11
import structlog
from uvicorn.protocols.http.h11_impl import STATUS_PHRASES, H11Protocol

from frontend.errors.handlers import error_response
from frontend.errors.request import UnreadableRequestError
from frontend.middleware.answer_headers import answer_headers, new_request_id

_CAN_ANSWER: Final = (h11.IDLE, h11.SEND_RESPONSE)
_BAD_REQUEST: Final = 400
_log: structlog.stdlib.BoundLogger = structlog.get_logger()


class Protocol(H11Protocol):
    """One connection."""

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words
        """Refuse what h11 could not parse, and close: where it ends is unknown."""
        if self.cycle is not None:  # the request's body is broken: its work is of no use any more
            self.cycle.disconnected = True
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
