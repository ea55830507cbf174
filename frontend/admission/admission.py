"""The one door to the models."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from frontend.admission.demand import Demand
from frontend.admission.limits import Limits
from frontend.admission.place import Place
from frontend.admission.queue import ModelQueue
from frontend.admission.state import QueueState
from frontend.errors.service import DrainingError
from frontend.inference.models import EditModel


class Admission:
    """A queue for each model, and an end to all of them."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._queues: dict[str, ModelQueue] = {}
        self._open = 0
        self._is_idle = asyncio.Event()
        self._is_idle.set()
        self._is_draining = False

    @contextmanager
    def join(self, model: EditModel, demand: Demand) -> Iterator[Place]:
        """Hold a place in the model's queue, and then at the model.

        Raises:
            OverloadedError: the queue is full, or the wait would be too long.
            DrainingError: the server is about to stop.
        """
        self.check_open()
        queue = self._queue(model)
        ticket = queue.join(demand)
        self._count(1)
        try:
            yield Place(queue, ticket)
        finally:
            self._count(-1)
            queue.leave(ticket)

    @property
    def state(self) -> list[QueueState]:
        """Each model's load; of those that have been asked for anything."""
        return [queue.state for queue in self._queues.values()]

    def loads(self, models: Iterable[str]) -> dict[str, QueueState]:
        """The load of `models`, and of all others that have been asked for anything, by id."""
        return {model: QueueState.idle(model) for model in models} | {
            state.model: state for state in self.state
        }

    def drain(self) -> None:
        """Refuse whatever comes from now on."""
        self._is_draining = True

    @property
    def is_draining(self) -> bool:
        """Whether the server is about to stop."""
        return self._is_draining

    def check_open(self) -> None:
        """Refuse where the server is about to stop.

        Raises:
            DrainingError: it is.
        """
        if self._is_draining:
            raise DrainingError

    @property
    def open_edits(self) -> int:
        """How many edits are accepted and unanswered."""
        return self._open

    async def idle(self) -> None:
        """Wait until no edit is accepted and unanswered."""
        await self._is_idle.wait()

    def _queue(self, model: EditModel) -> ModelQueue:
        """The model's queue, which learns here when the model's config has changed."""
        if model.id not in self._queues:
            self._queues[model.id] = ModelQueue(model, self._limits)
        self._queues[model.id].model = model
        return self._queues[model.id]

    def _count(self, change: int) -> None:
        self._open += change
        if self._open:
            self._is_idle.clear()
        else:
            self._is_idle.set()
