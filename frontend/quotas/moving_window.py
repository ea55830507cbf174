"""A moving window that a clock cannot hold up."""

import time

from limits import RateLimitItem, WindowStats
from limits.aio.strategies import MovingWindowRateLimiter


class MovingWindow(MovingWindowRateLimiter):
    """Forgets moments that are far in the future: they were counted before the clock was put back.

    They would be in the window until the clock has come to them again: an hour, or for ever.
    """

    async def get_window_stats(self, item: RateLimitItem, *identifiers: str) -> WindowStats:
        """Return how a window stands: empty where it was counted by another clock."""
        stats = await super().get_window_stats(item, *identifiers)
        # Clocks of several frontends differ by less than a window.
        if stats.reset_time - time.time() <= 2 * item.get_expiry():
            return stats
        await self.clear(item, *identifiers)
        return WindowStats(time.time(), item.amount)
