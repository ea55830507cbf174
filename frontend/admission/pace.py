"""How fast a model works."""

import math


class Pace:
    """Seconds that a row-step takes, averaged over the latest work.

    The average fades by work done and not by time, so that it spans the same number of batches with
    a fast model and with a slow one.
    """

    def __init__(self, memory: int, least: int) -> None:
        """Begin without knowledge.

        Args:
            memory: how much work the average spans, in row-steps.
            least: how much has to be done before anything is said. The images of a batch are
                finished together: the first alone would seem to have taken the time of all.
        """
        self._memory = memory
        self._least = least
        self._work = 0.0
        self._seconds = 0.0
        self._all_work = 0.0

    def add(self, work: float, seconds: float) -> None:
        """Take note of `work` row-steps that took `seconds`."""
        self._all_work += work
        fading = math.exp(-work / self._memory)
        self._work = self._work * fading + work
        self._seconds = self._seconds * fading + seconds

    @property
    def seconds_per_work(self) -> float | None:
        """Seconds for a row-step; None before enough was measured."""
        return self._seconds / self._work if self._all_work >= self._least else None
