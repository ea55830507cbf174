"""A steady state: as many edits at a time, which begin and end at random moments."""

import asyncio
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from benchmarks.counters import Counts, difference, stage_seconds
from benchmarks.limit.loop_time import LoopTime, count
from benchmarks.load import Work, connected, send_in_turn
from tests.e2e.edits import Edit, random_edit
from tests.e2e.product import Product

_AT_TRITON: Final = "denoise"
"""The frontend's stage; the others are before and behind Triton."""
_SEED: Final = 11


@dataclass(frozen=True)
class Steady:
    """What the loop made of it, while it lasted.

    Attributes:
        clients: each of them always has one edit under way.
        seconds: that were watched.
        loop: its time.
        elsewhere: seconds of all edits at the frontend, before and behind Triton.
    """

    clients: int
    seconds: float
    loop: LoopTime
    elsewhere: float

    @property
    def live(self) -> float:
        """Images that could be in a UNet call, on average.

        By Little's law, so many are elsewhere at a time as their seconds there by those watched.
        Those that wait for the decoder or are on the wire count as live all the same.
        """
        return self.clients - (self.elsewhere + self.loop.around) / self.seconds

    @property
    def occupancy(self) -> float:
        """The part of the live images that is in a UNet call, on average."""
        return self.loop.images_per_tick / self.live


async def keep_busy(product: Product, work: Work, clients: int, seconds: float) -> Steady:
    """Watch so many clients, whose edits take between half and three halves of the work's steps.

    Args:
        product: runs already, and has nothing else to do.
        work: what the edits ask for.
        clients: how many.
        seconds: how long they run before they are watched, and how long they are then.
    """
    edits = _edits(work)
    async with connected(product) as http, asyncio.TaskGroup() as group:
        busy = [group.create_task(send_in_turn(http, edits, [])) for _ in range(clients)]
        await asyncio.sleep(seconds)
        before, start = await _count(product, work.model), asyncio.get_running_loop().time()
        await asyncio.sleep(seconds)
        after, end = await _count(product, work.model), asyncio.get_running_loop().time()
        for client in busy:
            client.cancel()
    elsewhere = sum(difference(after[1], before[1]).values())
    return Steady(clients, end - start, LoopTime.between(before[0], after[0]), elsewhere)


async def _count(product: Product, model: str) -> tuple[Counts, Counts]:
    """What the loop has counted, and the seconds of edits in stages before and behind Triton."""
    stages = await stage_seconds(product)
    elsewhere = {name: value for name, value in stages.items() if name != _AT_TRITON}
    return await count(product, model), elsewhere


def _edits(work: Work) -> Iterator[Edit]:
    rng = np.random.default_rng(_SEED)
    for _ in itertools.count():
        steps = int(rng.integers(work.steps // 2, work.steps * 3 // 2 + 1))
        yield random_edit(rng, work.model, work.side, num_inference_steps=steps)
