"""One edit's entry in a queue."""

import asyncio

from frontend.admission.demand import Demand
from frontend.admission.limits import Limits


class Ticket:
    """An edit that waits, and then runs.

    Attributes:
        demand: what it asks for.
        number: how many tickets the queue had given out before.
        arrived_at, start_by, finish_by: times of the event loop, in seconds.
        started_at: the same, once it runs.
        images_left: how many of its images the model has yet to finish.
    """

    def __init__(self, demand: Demand, limits: Limits, number: int) -> None:
        """Let an edit arrive; must be called in a running event loop."""
        loop = asyncio.get_running_loop()
        self.demand = demand
        self.number = number
        self.arrived_at = loop.time()
        self.start_by = self.arrived_at + min(limits.wait_seconds, limits.edit_seconds)
        self.finish_by = self.arrived_at + limits.edit_seconds
        self.started_at = self.arrived_at
        self.images_left = demand.images
        self._turn: asyncio.Future[None] = loop.create_future()

    @property
    def is_waiting(self) -> bool:
        """Whether it has neither started nor been refused."""
        return not self._turn.done()

    @property
    def rows_in_flight(self) -> int:
        """Rows of a UNet call that its unfinished images take."""
        return self.images_left * self.demand.rows_per_image

    @property
    def work_left(self) -> int:
        """What its unfinished images cost, in row-steps."""
        return self.images_left * self.demand.work_per_image

    def start(self) -> None:
        """Its turn has come."""
        self.started_at = asyncio.get_running_loop().time()
        self._turn.set_result(None)

    def refuse(self, error: Exception) -> None:
        """Its turn will not come."""
        self._turn.set_exception(error)
        self._turn.exception()  # taken note of: its client may be gone

    async def turn(self, timeout_seconds: float) -> None:
        """Return when it no longer waits, or after `timeout_seconds`."""
        await asyncio.wait({self._turn}, timeout=max(0.0, timeout_seconds))

    def check(self) -> None:
        """Raise the error that it was refused with, if it was."""
        if self._turn.done():
            self._turn.result()
