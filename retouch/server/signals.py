"""SIGINT and SIGTERM as an event, so that both servers are stopped in the right order."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any


class StopRequested(Exception):
    """The operator asked for the end while something was still starting."""


def stop_event() -> asyncio.Event:
    """An event that SIGINT or SIGTERM sets, from now on in place of their usual effect."""
    event = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, event.set)
    return event


async def unless_stopped(work: Coroutine[Any, Any, None], stop: asyncio.Event) -> None:
    """Run `work` to its end; if `stop` is set first, cancel it and raise `StopRequested`."""
    working = asyncio.ensure_future(work)
    stopping = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise StopRequested
        await working
    finally:
        stopping.cancel()
        if not working.done():
            working.cancel()
            await asyncio.wait({working})
