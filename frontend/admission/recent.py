"""What happened in the last minute."""

from collections import deque
from typing import Final

_MINUTE_SECONDS: Final = 60.0


class LastMinute:
    """Amounts that are forgotten after a minute."""

    def __init__(self) -> None:
        self._entries: deque[tuple[float, float]] = deque()

    def add(self, now_seconds: float, amount: float) -> None:
        """Take note of an amount."""
        self._entries.append((now_seconds, amount))
        self._forget(now_seconds)

    def total(self, now_seconds: float) -> float:
        """Their sum."""
        self._forget(now_seconds)
        return sum(amount for _, amount in self._entries)

    def mean(self, now_seconds: float) -> float | None:
        """Their mean; None if there are none."""
        self._forget(now_seconds)
        return self.total(now_seconds) / len(self._entries) if self._entries else None

    def _forget(self, now_seconds: float) -> None:
        while self._entries and self._entries[0][0] <= now_seconds - _MINUTE_SECONDS:
            self._entries.popleft()
