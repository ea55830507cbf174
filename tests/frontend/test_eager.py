"""Work at the source's pace, results at the consumer's."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from frontend.editing.eager import eagerly
from tests.frontend.waiting import until


class Source:
    """Counts up, and takes note of how far it is and of its end."""

    def __init__(self, end: int, error: Exception | None = None) -> None:
        self.read = 0
        self.is_closed = False
        self._end = end
        self._error = error

    async def items(self) -> AsyncGenerator[int, None]:
        try:
            for item in range(self._end):
                self.read += 1
                yield item
                await asyncio.sleep(0)
            if self._error is not None:
                raise self._error
        finally:
            self.is_closed = True


def never(_: int) -> bool:
    return False


async def halved(item: int) -> float:
    """Later items are done sooner."""
    await asyncio.sleep(0.02 / (item + 1))
    return item / 2


async def test_results_come_in_the_order_of_the_source_though_work_goes_on_at_once() -> None:
    source = Source(9)
    results = [result async for result in eagerly(source.items(), halved, never)]
    assert results == [item / 2 for item in range(9)]
    assert source.is_closed


async def test_an_empty_source_has_no_results() -> None:
    assert [result async for result in eagerly(Source(0).items(), halved, never)] == []


async def test_the_source_is_read_to_its_end_though_nobody_reads_the_results() -> None:
    source = Source(100)
    async with aclosing(eagerly(source.items(), halved, never)) as results:
        assert await anext(results) == 0
        await until(lambda: source.is_closed)
        assert source.read == 100
        assert len([result async for result in results]) == 99


async def test_an_error_of_the_source_comes_after_the_results_before_it() -> None:
    source = Source(3, ValueError("no more"))
    results = eagerly(source.items(), halved, never)
    assert [await anext(results) for _ in range(3)] == [0, 0.5, 1]
    with pytest.raises(ValueError, match="no more"):
        await anext(results)


async def test_an_error_of_the_work_ends_the_source() -> None:
    async def failing(item: int) -> int:
        if item == 1:
            raise ValueError("a bad item")
        return item

    source = Source(1_000_000)
    results = eagerly(source.items(), failing, never)
    assert await anext(results) == 0
    with pytest.raises(ValueError, match="a bad item"):
        await anext(results)
    assert source.is_closed


async def test_closing_closes_the_source_and_cancels_the_work() -> None:
    cancelled = 0

    async def endless(item: int) -> int:
        nonlocal cancelled
        if item == 0:
            return item
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled += 1
            raise
        return item

    source = Source(5)
    results = eagerly(source.items(), endless, never)
    assert await anext(results) == 0
    await until(lambda: source.is_closed)
    await results.aclose()
    assert cancelled == 4


async def test_only_what_can_be_skipped_is_missed_by_those_who_do_not_read() -> None:
    async def done(item: int) -> int:
        return item

    source = Source(100)
    async with aclosing(eagerly(source.items(), done, lambda item: item % 10 != 0)) as results:
        assert await anext(results) == 0
        await until(lambda: source.is_closed)
        rest = [result async for result in results]
    assert [item for item in rest if item % 10 == 0] == list(range(10, 100, 10))
    assert len(rest) < 30
