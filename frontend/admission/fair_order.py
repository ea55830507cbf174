"""The order in which waiting edits start."""

from frontend.admission.ticket import Ticket


class FairOrder:
    """Start-time fair queueing over keys (Goyal, Vin and Cheng, 1996), weighed by work.

    Each key has a virtual time, which the work of its started edits moves on. The key that is
    least far starts next, within a key the edit that came first. A key with nothing to do begins
    at the virtual time of the edit that started last: it neither saves up its share nor owes any.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, list[Ticket]] = {}
        self._virtual: dict[str, int] = {}  # row-steps
        self._now = 0
        self._order: list[Ticket] | None = None

    def add(self, ticket: Ticket) -> None:
        """Let a ticket wait, behind those of its key."""
        key = ticket.demand.key
        if key not in self._waiting:
            self._waiting[key] = []
            self._virtual[key] = max(self._virtual.get(key, 0), self._now)
        self._waiting[key].append(ticket)
        self._order = None

    def remove(self, ticket: Ticket) -> None:
        """Take a waiting ticket out; those behind it move up."""
        key = ticket.demand.key
        self._waiting[key].remove(ticket)
        if not self._waiting[key]:
            del self._waiting[key]
        self._order = None

    def pop(self) -> Ticket:
        """Take out the ticket that starts next, and charge its key for it."""
        ticket = self.tickets[0]
        key = ticket.demand.key
        self._now = self._virtual[key]
        self._virtual[key] += ticket.demand.work
        self.remove(ticket)
        self._virtual = {
            key: time
            for key, time in self._virtual.items()
            if key in self._waiting or time > self._now
        }
        return ticket

    @property
    def tickets(self) -> list[Ticket]:
        """All waiting tickets in the order in which they start, unless others come."""
        if self._order is None:
            self._order = [ticket for _, _, ticket in sorted(self._starts(), key=lambda s: s[:2])]
        return self._order

    def last_of_greediest(self, newcomer: str) -> Ticket:
        """The newest ticket of the key that has most images waiting; `newcomer`'s in a tie."""
        key = max(self._waiting, key=lambda key: (self._images_of(key), key == newcomer))
        return self._waiting[key][-1]

    def _images_of(self, key: str) -> int:
        return sum(ticket.demand.images for ticket in self._waiting[key])

    def _starts(self) -> list[tuple[int, int, Ticket]]:
        """Each ticket with the virtual time of its start and its number."""
        starts = []
        for key, tickets in self._waiting.items():
            start = self._virtual[key]
            for ticket in tickets:
                starts.append((start, ticket.number, ticket))
                start += ticket.demand.work
        return starts
