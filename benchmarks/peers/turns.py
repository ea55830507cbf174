"""Two take turns at each round of a task: a machine's speed drifts, and meets both alike."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Edit = Callable[[int, int], float]
"""Edits so many of the task's pictures at once, with the prompts of a take -> seconds."""


@dataclass(frozen=True)
class Seconds:
    """What somebody took, one figure for each round.

    Attributes:
        alone: of one edit.
        together: of all that are sent together; nothing if the task has one.
    """

    alone: list[float] = field(default_factory=list)
    together: list[float] = field(default_factory=list)


def take_turns(
    ours: Edit, theirs: Edit, pictures: int, rounds: int, takes: Iterator[int]
) -> tuple[Seconds, Seconds]:
    """Let both edit one picture and then all, in each round; a first round is not counted.

    Args:
        ours: the one that begins.
        theirs: the other, who has seen no prompt yet.
        pictures: how many the task has.
        rounds: how many are counted.
        takes: numbers that we have not had yet: a prompt that is known costs less.
    """
    mine, others = Seconds(), Seconds()
    for number in range(rounds + 1):
        for count in sorted({1, pictures}):
            seconds = ours(count, next(takes)), theirs(count, 2 * number + (count > 1))
            for took, of in zip(seconds, (mine, others), strict=True):
                if number:
                    (of.alone if count == 1 else of.together).append(took)
    return mine, others
