"""How many edits may be under way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from frontend.errors.service import OverloadedError


class Admission:
    """Places for edits in flight and a bounded queue before them; first come, first served."""

    def __init__(self, in_flight: int, waiting: int) -> None:
        self._places = asyncio.Semaphore(in_flight)
        self._most_waiting = waiting
        self._waiting = 0

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Hold a place, waiting for one if need be.

        Raises:
            OverloadedError: the queue is full.
        """
        if self._places.locked() and self._waiting >= self._most_waiting:
            raise OverloadedError
        self._waiting += 1
        try:
            await self._places.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._places.release()
