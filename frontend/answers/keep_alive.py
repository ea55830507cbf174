"""Something to read while there is nothing to say, so that no proxy gives the connection up."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Final

from fastapi.sse import format_sse_event

from frontend.editing.tasks import ended

KEEP_ALIVE: Final = format_sse_event(comment="keep-alive")


async def kept_alive(
    chunks: AsyncGenerator[bytes, None], interval_seconds: float
) -> AsyncGenerator[bytes, None]:
    """Yield `chunks`, and a comment whenever none has come for `interval_seconds`.

    Closing this closes `chunks`.
    """
    async with aclosing(chunks):
        while True:
            coming = asyncio.ensure_future(anext(chunks, None))
            try:
                while not (await asyncio.wait({coming}, timeout=interval_seconds))[0]:
                    yield KEEP_ALIVE
                chunk = coming.result()
            finally:
                await ended(coming)
            if chunk is None:
                return
            yield chunk
