"""A response that is made once for all equal requests."""

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from frontend.idempotency.flight import Make
from frontend.idempotency.once import Once
from frontend.idempotency.request import KeyedRequest


class OnceResponse(Response):
    """Answers a request with an idempotency key."""

    def __init__(self, once: Once, request: KeyedRequest, make: Make) -> None:
        super().__init__()
        self._once = once
        self._request = request
        self._make = make

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See `Once.respond`."""
        await self._once.respond(self._request, self._make, scope, receive, send)
