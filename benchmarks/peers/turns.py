"""Two take turns at each round of a task: a machine's speed drifts, and meets both alike."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from benchmarks.peers.programs.task import Task

Edit = Callable[[int, int, int], float]
"""So many of the task's pictures at once, the take whose prompts they get, steps -> seconds."""
_FIRST_STEPS: Final = 2


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
    ours: Edit, theirs: Edit, task: Task, takes: Iterator[int]
) -> tuple[Seconds, Seconds]:
    """Let both edit one picture and then all, in each round.

    A first round, of few steps, is not counted.

    Args:
        ours: the one that begins.
        theirs: the other, who has seen no prompt yet.
        task: its pictures, steps and rounds.
        takes: numbers that we have not had yet: a prompt that is known costs less.
    """
    mine, others = Seconds(), Seconds()
    for number in range(task.rounds + 1):
        steps = task.steps if number else _FIRST_STEPS
        for count in sorted({1, len(task.pictures)}):
            take = 2 * number + (count > 1)
            seconds = ours(count, next(takes), steps), theirs(count, take, steps)
            for took, of in zip(seconds, (mine, others), strict=True):
                if number:
                    (of.alone if count == 1 else of.together).append(took)
    return mine, others
