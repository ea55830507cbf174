"""Work on what a generator yields that keeps the generator's pace and not the consumer's."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing
from itertools import takewhile
from typing import Any, Final, Generic, TypeVar

from frontend.editing.tasks import ended

_MOST_UNREAD: Final = 8

Item = TypeVar("Item")
Result = TypeVar("Result")


async def eagerly(
    source: AsyncGenerator[Item, None],
    work: Callable[[Item], Coroutine[Any, Any, Result]],
    can_be_skipped: Callable[[Item], bool],
) -> AsyncGenerator[Result, None]:
    """Read `source` to its end at its own pace, and yield each item's result in its order.

    The work on several items goes on at once. A consumer that is slow holds up neither `source` nor
    the work, but misses what can be skipped while such results lie unread. What `source` or
    the work raises is raised here, in its turn. Closing this closes `source` and cancels the work.
    """
    reader = _Reader(source, work, can_be_skipped)
    try:
        while (result := await reader.next_result()) is not None:
            yield await result
    finally:
        await reader.close()


class _Reader(Generic[Item, Result]):
    """A task that reads a generator, and the work on what it has read."""

    def __init__(
        self,
        source: AsyncGenerator[Item, None],
        work: Callable[[Item], Coroutine[Any, Any, Result]],
        can_be_skipped: Callable[[Item], bool],
    ) -> None:
        self._source = source
        self._work = work
        self._can_be_skipped = can_be_skipped
        self._results: deque[tuple[asyncio.Task[Result], bool]] = deque()  # may it be missed?
        self._changed = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    async def next_result(self) -> asyncio.Task[Result] | None:
        """The next item's work, or None when the source has ended.

        Raises:
            Exception: what the source raised.
        """
        await self._changed.wait()
        if self._results:
            result, _ = self._results.popleft()
            if not self._results and not self._reading.done():
                self._changed.clear()
            return result
        await self._reading
        return None

    async def close(self) -> None:
        """Close the source, then cancel all work."""
        await ended(self._reading)
        await ended(*(result for result, _ in self._results))

    async def _read(self) -> None:
        try:
            async with aclosing(self._source) as items:
                async for item in items:
                    can_be_skipped = self._can_be_skipped(item)
                    if not (can_be_skipped and self._is_behind):
                        result = asyncio.create_task(self._work(item))
                        self._results.append((result, can_be_skipped))
                        self._changed.set()
        finally:
            self._changed.set()

    @property
    def _is_behind(self) -> bool:
        """Whether the consumer could have read many a result that it might have missed."""
        readable = takewhile(lambda entry: entry[0].done(), self._results)
        return sum(can_be_skipped for _, can_be_skipped in readable) >= _MOST_UNREAD
