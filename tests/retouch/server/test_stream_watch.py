"""When a server counts as one that answers no stream any more."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from frontend.inference import probes
from retouch.server import stream_watch
from retouch.server.stream_watch import MOST_SILENT_LOOKS, StreamWatch
from tests.frontend.fake_triton import FakeTriton, running

SILENCE_SECONDS, LOOK_SECONDS = 0.2, 0.1
# Of all looks, and some more for a busy machine.
NOTICED_SECONDS = 5.0


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "SILENCE_SECONDS", SILENCE_SECONDS)
    monkeypatch.setattr(stream_watch, "LOOK_SECONDS", LOOK_SECONDS)


@pytest.fixture
async def triton() -> AsyncIterator[FakeTriton]:
    async with running() as triton:
        yield triton


@asynccontextmanager
async def watching(triton: FakeTriton) -> AsyncIterator[StreamWatch]:
    watch = StreamWatch(triton.address)
    try:
        yield watch
    finally:
        await watch.close()


async def looks(triton: FakeTriton, count: int) -> None:
    """Wait until the watch has begun so many more looks."""
    last = triton.index_calls + count
    async with asyncio.timeout(NOTICED_SECONDS):
        while triton.index_calls < last:
            await asyncio.sleep(0.01)


async def until_given_up(watch: StreamWatch) -> None:
    async with asyncio.timeout(NOTICED_SECONDS):
        while watch.is_answered:
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("sign", ["is_loop_silent", "is_loop_dead"])
async def test_a_server_whose_loop_answers_no_stream_is_given_up_after_a_few_looks(
    triton: FakeTriton, sign: str
) -> None:
    async with watching(triton) as watch:
        await looks(triton, MOST_SILENT_LOOKS + 1)
        assert watch.is_answered
        setattr(triton, sign, True)
        before = triton.index_calls
        await until_given_up(watch)
    # The look that was under way may have been the first.
    assert triton.index_calls - before in (MOST_SILENT_LOOKS - 1, MOST_SILENT_LOOKS)


async def test_a_loop_that_answers_late_has_answered(triton: FakeTriton) -> None:
    async with watching(triton) as watch:
        for _ in range(2):
            triton.is_loop_dead = True
            # The look that is under way may be a silent one too.
            await looks(triton, MOST_SILENT_LOOKS - 2)
            triton.is_loop_dead = False
            await looks(triton, 2)
        assert watch.is_answered


async def test_a_server_that_cannot_be_reached_is_given_up(triton: FakeTriton) -> None:
    async with watching(triton) as watch:
        await looks(triton, 1)
        await triton.kill()
        await until_given_up(watch)


async def test_a_model_that_is_being_loaded_is_not_asked(triton: FakeTriton) -> None:
    triton.is_model_ready = False
    triton.is_loop_silent = True
    async with watching(triton) as watch:
        await looks(triton, 2 * MOST_SILENT_LOOKS)
        assert watch.is_answered


async def test_a_model_whose_config_makes_no_sense_ends_no_server() -> None:
    async with running(triton=FakeTriton(resolution="wide")) as triton, watching(triton) as watch:
        await looks(triton, 2 * MOST_SILENT_LOOKS)
        assert watch.is_answered
