"""The queue before one model."""

from itertools import count, takewhile
from typing import Final

from frontend.admission.demand import Demand
from frontend.admission.fair_order import FairOrder
from frontend.admission.limits import Limits
from frontend.admission.load import Load
from frontend.admission.state import QueueState, Standing
from frontend.admission.ticket import Ticket
from frontend.errors.service import OverloadedError
from frontend.inference.models import EditModel

# The loop holds `max_rows`, and must have as many again at hand: they are encoded meanwhile, and
# a whole batch may leave at the same step.
_BATCHES_AT_MODEL: Final = 2


class ModelQueue:
    """Keeps the model's loop fed, and the rest in a fair order.

    An edit starts when the images in flight take fewer rows than the loop wants, however many it
    brings itself: so small edits do not overtake a large one for ever, and the loop shares its rows
    fairly among the edits that it has.
    """

    def __init__(self, model: EditModel, limits: Limits) -> None:
        self.model = model
        self._limits = limits
        self._numbers = count()
        self._order = FairOrder()
        self._running: set[Ticket] = set()
        self._load = Load(model)

    def join(self, demand: Demand) -> Ticket:
        """Return a ticket that runs or waits.

        Raises:
            OverloadedError: the queue is full, or the wait would be too long.
        """
        ticket = Ticket(demand, self._limits, next(self._numbers))
        self._order.add(ticket)
        self._start_next()
        if ticket.is_waiting:
            self._refuse_excess(ticket)
            ticket.check()
        return ticket

    def leave(self, ticket: Ticket) -> None:
        """Forget a ticket: its edit is answered, or its client has left."""
        if ticket.is_waiting:
            self.give_up(ticket)
        if ticket in self._running and ticket.images_left:
            self._give_back(ticket)
        self._running.discard(ticket)
        self._start_next()

    def finish_image(self, ticket: Ticket) -> None:
        """Take note that the model has finished one of a running ticket's images."""
        self._load.finished(ticket.demand)
        ticket.images_left -= 1
        self._replace()

    def give_up(self, ticket: Ticket) -> None:
        """Refuse a ticket that waits."""
        self._order.remove(ticket)
        ticket.refuse(self._overloaded())

    def standing(self, ticket: Ticket) -> Standing:
        """Return where a waiting ticket stands."""
        ahead = list(takewhile(lambda other: other is not ticket, self._order.tickets))
        work = sum(other.demand.work for other in ahead) + self._work_in_flight / 2
        return Standing(
            edits_ahead=len(ahead),
            images_ahead=sum(other.demand.images for other in ahead),
            seconds=self._load.seconds_for(work),
        )

    @property
    def state(self) -> QueueState:
        """The load as it is now."""
        return QueueState(
            model=self.model.id,
            waiting_edits=len(self._order.tickets),
            waiting_images=self._waiting_images,
            running_edits=len(self._running),
            running_images=sum(ticket.images_left for ticket in self._running),
            running_rows=self._rows_in_flight,
            images_per_minute=self._load.images_per_minute,
            mean_wait_seconds=self._load.mean_wait_seconds,
        )

    def _give_back(self, ticket: Ticket) -> None:
        """Give back the room of a running ticket whose images will not be finished."""
        share = ticket.rows_in_flight / self._rows_in_flight
        self._load.left(ticket.demand, ticket.work_left, ticket.started_at, share)
        self._running.remove(ticket)
        self._replace()

    def _replace(self) -> None:
        """Let others have the room that was given back."""
        self._start_next()
        self._load.goes_on(is_full=self._rows_in_flight >= self.model.max_rows)

    def _start_next(self) -> None:
        while (
            self._order.tickets and self._rows_in_flight < _BATCHES_AT_MODEL * self.model.max_rows
        ):
            if not self._running:
                self._load.begin()
            ticket = self._order.pop()
            self._running.add(ticket)
            self._load.started(ticket.arrived_at)
            ticket.start()

    def _refuse_excess(self, newcomer: Ticket) -> None:
        """Refuse a newcomer that would wait too long; if there is no room, the greediest key's."""
        seconds = self.standing(newcomer).seconds
        if self._load.is_known and seconds is not None and seconds > self._limits.wait_seconds:
            self.give_up(newcomer)
        while self._waiting_images > self._limits.waiting_images:
            self.give_up(self._order.last_of_greediest(newcomer.demand.key))

    def _overloaded(self) -> OverloadedError:
        work = sum(ticket.demand.work for ticket in self._order.tickets) + self._work_in_flight
        return OverloadedError(self._load.seconds_for(work))

    @property
    def _waiting_images(self) -> int:
        return sum(ticket.demand.images for ticket in self._order.tickets)

    @property
    def _rows_in_flight(self) -> int:
        return sum(ticket.rows_in_flight for ticket in self._running)

    @property
    def _work_in_flight(self) -> int:
        return sum(ticket.work_left for ticket in self._running)
