"""How fast a model works."""

import math
from typing import Final

_BATCHES: Final = 4
_WHOLE: Final = 0.99  # of a batch: a sum of its parts is rounded


class Pace:
    """Seconds that a row-step takes, averaged over the latest batches of work.

    The average fades by batches done and not by time, so that it spans as much with a fast model
    as with a slow one, and with edits of many steps as with those of few.
    """

    def __init__(self) -> None:
        """Begin without knowledge."""
        self._work = 0.0
        self._seconds = 0.0
        self._batches = 0.0

    def add(self, work: float, seconds: float, batch: float) -> None:
        """Take note of work.

        Args:
            work: how much was done, in row-steps.
            seconds: how long it took.
            batch: how much is finished together when all rows are in use, in row-steps.
        """
        self._batches += work / batch
        fading = math.exp(-work / batch / _BATCHES)
        self._work = self._work * fading + work
        self._seconds = self._seconds * fading + seconds

    @property
    def seconds_per_work(self) -> float | None:
        """Seconds for a row-step; None before a batch was measured.

        Its images are finished together: the first alone seems to have taken the time of all.
        """
        return self._seconds / self._work if self._batches >= _WHOLE else None
