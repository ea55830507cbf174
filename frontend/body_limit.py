"""How much of a request's body is read."""

from collections.abc import AsyncIterator

from starlette.requests import Request

from frontend.errors.request import BodyTooLargeError


async def limited_body(request: Request, limit_bytes: int) -> AsyncIterator[bytes]:
    """Yield the body as it arrives; nothing of one that declares more than the limit.

    Raises:
        BodyTooLargeError: it is larger than `limit_bytes`.
        ClientDisconnect: the client left.
    """
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > limit_bytes:
        raise BodyTooLargeError(limit_bytes)
    size_bytes = 0
    async for chunk in request.stream():
        size_bytes += len(chunk)
        if size_bytes > limit_bytes:
            raise BodyTooLargeError(limit_bytes)
        yield chunk
