"""The load: exchanges begin at random moments, whether or not others have ended."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field

import httpx
import numpy as np

from benchmarks.soak.exchanges import SHARES, Exchange, Outcome, inline
from benchmarks.soak.visitor import Visitor

MOST_SURPRISES = 20
ROUNDS, EDITS_AT_ONCE = 3, 24


@dataclass
class Tally:
    """What all exchanges came to.

    Attributes:
        statuses: how many exchanges of a name ended with a status.
        surprises: the first that ended as they should not.
        surprising: how many did.
        seconds: how long each took, by name.
    """

    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    surprises: list[str] = field(default_factory=list)
    surprising: int = 0
    seconds: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str, outcome: Outcome, seconds: float) -> None:
        """Count one."""
        self.statuses[name, outcome.status] += 1
        self.seconds.setdefault(name, []).append(seconds)
        if not outcome.is_expected:
            self._surprise(f"{name}: {outcome.status} {outcome.said}")

    def add_fault(self, name: str, error: Exception) -> None:
        """Count one that had no answer."""
        self._surprise(f"{name}: {error!r}")

    def _surprise(self, what: str) -> None:
        self.surprising += 1
        if len(self.surprises) < MOST_SURPRISES:
            self.surprises.append(what)


async def send_load(visitor: Visitor, tally: Tally, rate: float, seconds: float) -> None:
    """Begin `rate` exchanges a second for a while, and wait for the end of all."""
    rng = np.random.default_rng(visitor.rng.integers(2**32))
    exchanges, weights = list(SHARES), np.array(list(SHARES.values()), float)
    end = time.monotonic() + seconds
    async with asyncio.TaskGroup() as group:
        while time.monotonic() < end:
            await asyncio.sleep(rng.exponential(1 / rate))
            exchange = exchanges[rng.choice(len(exchanges), p=weights / weights.sum())]
            group.create_task(_carry_out(exchange, visitor, tally))


async def fill(visitor: Visitor, tally: Tally) -> None:
    """Begin many edits at once: every engine meets its largest batch, and every pool fills."""
    for _ in range(ROUNDS):
        edits = (_carry_out(inline, visitor, tally) for _ in range(EDITS_AT_ONCE))
        await asyncio.gather(*edits)


async def _carry_out(exchange: Exchange, visitor: Visitor, tally: Tally) -> None:
    began = time.monotonic()
    try:
        outcome = await exchange(visitor)
    except httpx.TransportError as error:
        tally.add_fault(exchange.__name__, error)
    else:
        tally.add(exchange.__name__, outcome, time.monotonic() - began)
