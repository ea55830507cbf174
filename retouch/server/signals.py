"""SIGINT and SIGTERM as events, so that both servers are stopped in the right order."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any


class StopRequested(Exception):
    """The operator asked for the end while something was still starting."""


class StopSignals:
    """SIGINT and SIGTERM, in place of their usual effect.

    Attributes:
        asked: the first one has come: finish what was accepted, and stop.
        insisted: another one has come: stop at once.
    """

    def __init__(self) -> None:
        """Listen from now on; must be called in a running event loop."""
        self.asked = asyncio.Event()
        self.insisted = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, self._take_note)

    def _take_note(self) -> None:
        (self.insisted if self.asked.is_set() else self.asked).set()


async def unless_stopped(work: Coroutine[Any, Any, None], stop: asyncio.Event) -> None:
    """Run `work` to its end; if `stop` is set first, cancel it and raise `StopRequested`."""
    working = asyncio.ensure_future(work)
    try:
        await first_of(working, stop)
        if not working.done():
            raise StopRequested
        await working
    finally:
        if not working.done():
            working.cancel()
            await asyncio.wait({working})


async def first_of(
    work: asyncio.Future[Any], stop: asyncio.Event, timeout_seconds: float | None = None
) -> None:
    """Return when `work` is done, `stop` is set or the time is over; `work` is left as it is."""
    stopping = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait(
            {work, stopping}, timeout=timeout_seconds, return_when=asyncio.FIRST_COMPLETED
        )
    finally:
        stopping.cancel()
