"""Growth: closed loads that differ in clients, in images of an edit, or in size."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from benchmarks.load import Work, measure
from benchmarks.measurement import Measurement
from benchmarks.stages import Snapshot, Stages
from tests.e2e.product import Product

CLIENTS_OF_SIZES = (1, 8)
TURNS = 2  # every client has at least so many edits


@dataclass(frozen=True)
class ClosedLoad:
    """So many clients, each of which sends its next edit when its last is answered.

    Attributes:
        clients: how many.
        work: of all of them together.
        varied: the number in which it differs from others.
        series: what it has in common with some of them.
    """

    clients: int
    work: Work
    varied: float
    series: str = ""

    def __str__(self) -> str:
        images = _counted(self.work.images, "image")
        clients = _counted(self.clients, "client")
        return f"{clients}, {images} of {self.work.side} px, {self.work.steps} steps"


def clients_loads(work: Work, clients: Sequence[int]) -> Iterator[ClosedLoad]:
    """The same work by more and more clients."""
    for count in clients:
        yield ClosedLoad(count, replace(work, edits=max(work.edits, TURNS * count)), count)


def images_loads(work: Work, images: Sequence[int]) -> Iterator[ClosedLoad]:
    """One client that asks for more and more pictures at once."""
    for count in images:
        yield ClosedLoad(1, replace(work, edits=max(TURNS, work.edits // 8), images=count), count)


def sizes_loads(work: Work, sides: Sequence[int]) -> Iterator[ClosedLoad]:
    """Larger and larger pictures, from one client and from several."""
    for clients in CLIENTS_OF_SIZES:
        for side in sides:
            yield ClosedLoad(
                clients,
                replace(work, side=side, edits=work.edits // 2),
                side,
                _counted(clients, "client"),
            )


def run_closed(
    product: Product, model: str, loads: Iterable[ClosedLoad]
) -> Iterator[tuple[ClosedLoad, Measurement, Stages]]:
    """Measure one load of a model after the other, and where its time goes."""
    before = asyncio.run(Snapshot.of(product, model))
    for load in loads:
        measurement = asyncio.run(measure(product, load.work, load.clients))
        after = asyncio.run(Snapshot.of(product, model))
        yield load, measurement, Stages.of(measurement, before, after)
        before = after


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'s' if count > 1 else ''}"
