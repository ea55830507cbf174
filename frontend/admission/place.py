"""What an accepted edit holds from its acceptance to its answer."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Final

from frontend.admission.queue import ModelQueue
from frontend.admission.state import Standing
from frontend.admission.ticket import Ticket

_NEWS_SECONDS: Final = 1.0


class Place:
    """A place in a model's queue, and then at the model."""

    def __init__(self, queue: ModelQueue, ticket: Ticket) -> None:
        self._queue = queue
        self._ticket = ticket

    async def waiting(self) -> AsyncGenerator[Standing, None]:
        """Wait for the edit's turn, yielding where it stands at first and when that has changed.

        Nothing is yielded where it need not wait.

        Raises:
            OverloadedError: it has waited too long, or gave way to another key's edit.
        """
        last = None
        while self._ticket.is_waiting:
            standing = self._queue.standing(self._ticket)
            if standing != last:
                last = standing
                yield standing
            await self._news()
        self._ticket.check()

    def finish_image(self) -> None:
        """Give back the room of an image that the model has finished."""
        self._queue.finish_image(self._ticket)

    @property
    def seconds_left(self) -> float:
        """How long the edit may still take."""
        return self._ticket.finish_by - asyncio.get_running_loop().time()

    async def _news(self) -> None:
        """Wait for the turn, but not for long and not beyond the time limit."""
        loop = asyncio.get_running_loop()
        left_seconds = self._ticket.start_by - loop.time()
        await self._ticket.turn(min(_NEWS_SECONDS, left_seconds))
        if self._ticket.is_waiting and loop.time() >= self._ticket.start_by:
            self._queue.give_up(self._ticket)
