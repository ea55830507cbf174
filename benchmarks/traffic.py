"""Who comes when, and wants what."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Arrival:
    """One edit.

    Attributes:
        second: when it comes.
        steps: denoising steps of each of its images.
        images: how many it asks for (`n`).
    """

    second: float
    steps: int
    images: int = 1


def poisson(
    rate: float, count: int, steps: Sequence[int], images: int, rng: np.random.Generator
) -> list[Arrival]:
    """`count` edits that know nothing of each other, `rate` a second on average.

    Args:
        rate: edits per second.
        count: how many.
        steps: each edit takes one of these numbers of steps, all equally likely.
        images: of each edit.
        rng: decides.
    """
    seconds = np.cumsum(rng.exponential(1 / rate, count))
    chosen = rng.choice(steps, count)
    return [Arrival(float(s), int(n), images) for s, n in zip(seconds, chosen, strict=True)]
