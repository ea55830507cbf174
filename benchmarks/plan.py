"""How much `python -m benchmarks` measures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Plan:
    """The loads.

    Attributes:
        parts: that are measured, in this order, if none are asked for.
        clients: numbers of clients.
        images: of an edit.
        sides: of picture and result, in pixels.
        edits: of a closed load, at least.
        shares: of the peak, at which edits come at random moments.
        arrivals: edits of such a load.
        program_clients: numbers of clients that other people's programs play.
    """

    parts: Sequence[str]
    clients: Sequence[int]
    images: Sequence[int]
    sides: Sequence[int]
    edits: int
    shares: Sequence[float]
    arrivals: int
    program_clients: Sequence[int]


_OURS: Final = ("engines", "clients", "images", "sizes", "arrivals")
SIDES: Final = (256, 512, 1024)

SHORT: Final = Plan(
    parts=_OURS,
    clients=(1, 2, 4, 8, 16),
    images=(1, 2, 4, 10),
    sides=SIDES,
    edits=24,
    shares=(0.5, 0.8),
    arrivals=40,
    program_clients=(1, 8),
)
FULL: Final = Plan(
    parts=(*_OURS, "perf_analyzer", "aiperf", "peers"),
    clients=(1, 2, 4, 8, 16, 32, 64),
    images=range(1, 11),
    sides=SIDES,
    edits=24,
    shares=(0.3, 0.5, 0.7, 0.9),
    arrivals=40,
    program_clients=(1, 2, 4, 8),
)
