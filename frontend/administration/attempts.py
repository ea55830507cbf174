"""How often one may try to sign in."""

import time
from typing import Final

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage

from frontend.errors.administration import TooManySignInsError
from frontend.quotas.moving_window import MovingWindow

_PER_ADDRESS: Final = RateLimitItemPerMinute(5)
_FOR_ALL: Final = RateLimitItemPerMinute(60)


class Attempts:
    """Counts attempts to sign in, those of one address and those of all; in this process alone."""

    def __init__(self) -> None:
        self._window = MovingWindow(MemoryStorage())

    async def count(self, address: str) -> None:
        """Count one attempt.

        Raises:
            TooManySignInsError: there have been too many within a minute.
        """
        for limit, name in ((_PER_ADDRESS, address), (_FOR_ALL, "")):
            if not await self._window.hit(limit, name):
                free_at = (await self._window.get_window_stats(limit, name)).reset_time
                raise TooManySignInsError(max(1, round(free_at - time.time())))
