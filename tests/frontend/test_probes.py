"""When silence counts as a loop's death."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from frontend.inference import probes
from frontend.inference.probe import Loop
from frontend.inference.probes import Probes

SILENCE_SECONDS = 0.5


class Client:
    """A server whose loop answers after some seconds, in several steps as gRPC's."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    async def stream_infer(self, _request: object) -> AsyncIterator[tuple[Any, Any]]:
        await asyncio.sleep(self._seconds)
        for _ in range(5):
            await asyncio.sleep(0.001)
        return
        yield


@pytest.fixture(autouse=True)
def _short_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "SILENCE_SECONDS", SILENCE_SECONDS)


async def _found(seconds: float) -> Loop:
    asked = Probes(Client(seconds), lambda _: True)
    try:
        return (await asked.find(["dog"]))["dog"]
    finally:
        asked.close()


async def test_a_loop_that_keeps_silent_is_dead() -> None:
    start = time.monotonic()
    assert await _found(60) is Loop.DEAD
    assert time.monotonic() - start >= SILENCE_SECONDS


async def test_a_loop_that_answers_works() -> None:
    assert await _found(0.01) is Loop.WORKS


async def test_a_loop_that_has_answered_while_the_frontend_had_no_cpu_works() -> None:
    asyncio.get_running_loop().call_later(0.05, time.sleep, 2 * SILENCE_SECONDS)
    assert await _found(0.1) is Loop.WORKS
