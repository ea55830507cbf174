"""Calls that take turns, so that other loads of the machine meet all of them."""

import time
from collections.abc import Callable, Sequence

Call = Callable[[], object]


def taking_turns(calls: Sequence[Call], repetitions: int) -> list[list[float]]:
    """Seconds of each call, repeatedly."""
    seconds: list[list[float]] = [[] for _ in calls]
    for _ in range(repetitions):
        for call, times in zip(calls, seconds, strict=True):
            start = time.perf_counter()
            call()
            times.append(time.perf_counter() - start)
    return seconds
