"""One Triton server's denoise loop: it ticks for all images that have joined."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.capacity.costs import Costs
from benchmarks.traffic import Arrival


@dataclass(eq=False)
class Edit:
    """An edit on its way.

    Attributes:
        arrival: what was asked for.
        rows: of each of its images.
        unfinished: images that are not done.
    """

    arrival: Arrival
    rows: int
    unfinished: int


@dataclass(eq=False)
class Image:
    """One of an edit's images, and the steps before it."""

    edit: Edit
    steps_left: int


@dataclass(eq=False)
class Server:
    """A device with its loop.

    Attributes:
        costs: of its steps.
        unfinished_rows: rows in flight and before it.
        tick_end: when the step that it is at ends; infinite if it has nothing to do.
        busy_seconds: time with images in flight.
        ticks: steps done.
        ticked_images: images in them.
    """

    costs: Costs
    unfinished_rows: int = 0
    tick_end: float = float("inf")
    busy_seconds: float = 0.0
    ticks: int = 0
    ticked_images: int = 0
    _waiting: deque[Image] = field(default_factory=deque)
    _in_flight: list[Image] = field(default_factory=list)

    def take(self, edit: Edit, now: float) -> None:
        """Take an edit in; its images join at the next step for which there is room."""
        self.unfinished_rows += edit.rows * edit.unfinished
        self._waiting.extend(Image(edit, edit.arrival.steps) for _ in range(edit.unfinished))
        if not self._in_flight:
            self._begin(now)

    def end_tick(self) -> Iterator[Edit]:
        """Finish the step that it is at, give the edits that are done, begin the next."""
        now = self.tick_end
        for image in self._in_flight:
            image.steps_left -= 1
        done = [image.edit for image in self._in_flight if not image.steps_left]
        self._in_flight = [image for image in self._in_flight if image.steps_left]
        self._begin(now)
        for edit in done:
            self.unfinished_rows -= edit.rows
            edit.unfinished -= 1
            if not edit.unfinished:
                yield edit

    def _begin(self, now: float) -> None:
        rows = sum(image.edit.rows for image in self._in_flight)
        while self._waiting and rows + self._waiting[0].edit.rows <= self.costs.max_rows:
            image = self._waiting.popleft()
            rows += image.edit.rows
            self._in_flight.append(image)
        self.tick_end = float("inf")
        if self._in_flight:
            self.tick_end = now + self.costs.tick(rows)
            self.busy_seconds += self.tick_end - now
            self.ticks += 1
            self.ticked_images += len(self._in_flight)
