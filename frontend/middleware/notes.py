"""What is learnt about a request while it is served, for its log line, its headers and usage."""

import hashlib
import time
from typing import Final

from starlette.types import Scope
from structlog.contextvars import bind_contextvars

from frontend.errors.base import ApiError
from frontend.forms.fields import EditFields

_STATE: Final = "notes"


class RequestNotes:
    """One request's.

    Attributes:
        request_id: the `x-request-id` of its answer.
        came_at: when it came, in Unix seconds.
        headers: further headers of its answer, be it an error.
        key_id: whose key it carries, once that is known to be valid.
        model: the model that it asks for, once that is known to be served.
        fields: its form, once that could be read.
        is_replay: whether its answer is that of an equal request before it.
        code: the error's code (or type, where it has none), if it ended in one.
    """

    def __init__(self, request_id: str) -> None:
        self.request_id = request_id
        self.came_at = int(time.time())
        self.headers: dict[str, str] = {}
        self.key_id: str | None = None
        self.model: str | None = None
        self.fields: EditFields | None = None
        self.is_replay = False
        self.code: str | None = None

    def caller(self, key_id: str) -> None:
        """Note whose key the request carries."""
        self.key_id = key_id
        bind_contextvars(key_id=key_id)

    def edit(self, model: str, fields: EditFields) -> None:
        """Note what the request asks for.

        The end user may be a mail address, so only a hash of it is logged.
        """
        self.model, self.fields = model, fields
        bind_contextvars(model=model, images=fields.n)
        if fields.person is not None:
            bind_contextvars(user=hashlib.sha256(fields.person.encode()).hexdigest()[:16])

    def error(self, error: ApiError) -> None:
        """Note that the request ends in an error, also one in the middle of a stream."""
        self.code = error.code or error.type

    def attach(self, scope: Scope) -> None:
        """Keep these where `notes_of` finds them."""
        scope.setdefault("state", {})[_STATE] = self


def notes_of(scope: Scope) -> RequestNotes:
    """Return the notes on the request of `scope`."""
    notes: RequestNotes = scope["state"][_STATE]
    return notes
