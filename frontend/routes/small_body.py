"""Routes that take few bytes of a body.

FastAPI reads and parses a body before it asks for what a route depends on, so a stranger's too. Its
own `max_body_size` answers what is too large in plain text.
"""

from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.types import Message

from frontend.body_limit import limited_body

LARGEST_BODY_BYTES: Final = 64 * 1024
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class SmallBodyRoute(APIRoute):
    """Reads no larger body than one of 64 KiB, and answers a larger one with 413."""

    def get_route_handler(self) -> Handler:
        """Return what answers a request."""
        handle = super().get_route_handler()

        async def handle_small(request: Request) -> Response:
            chunks = [chunk async for chunk in limited_body(request, LARGEST_BODY_BYTES)]
            message = {"type": "http.request", "body": b"".join(chunks), "more_body": False}

            async def receive() -> Message:
                return message

            return await handle(Request(request.scope, receive))

        return handle_small
