"""Progress lines: step, loss, speed and time to go."""

import logging
import time

_EVERY_SECONDS = 20.0
_logger = logging.getLogger("training")


class Progress:
    """Reports a stage's steps every now and then.

    Args:
        stage: its name.
        steps: how many steps it has.
        samples: samples in one step.
    """

    def __init__(self, stage: str, steps: int, samples: int) -> None:
        self._stage, self._steps, self._samples = stage, steps, samples
        self._loss_sum, self._count, self._since = 0.0, 0, time.monotonic()

    def report(self, step: int, loss: float) -> None:
        """Count one step; log the mean loss since the last line when it is time."""
        self._loss_sum, self._count = self._loss_sum + loss, self._count + 1
        elapsed = time.monotonic() - self._since
        if elapsed < _EVERY_SECONDS and step + 1 < self._steps:
            return
        speed = self._count / elapsed
        _logger.info(
            "%s step %d/%d loss %.4f, %.1f samples/s, %.1f minutes to go",
            self._stage, step + 1, self._steps, self._loss_sum / self._count,
            speed * self._samples, (self._steps - step - 1) / speed / 60,
        )  # fmt: skip
        self._loss_sum, self._count, self._since = 0.0, 0, time.monotonic()
