"""A model of known speed: it ticks as the denoise loop does, and counts."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from frontend.admission.admission import Admission
from frontend.admission.demand import Demand
from frontend.admission.limits import Limits
from frontend.admission.place import Place
from frontend.admission.state import Standing
from frontend.errors.service import OverloadedError
from frontend.inference.models import EditModel

STEPS = 5
MODEL = EditModel(
    "simulated",
    resolution=64,
    latent_factor=8,
    max_rows=8,
    steps=STEPS,
    guidance=1.0,
    strength=1.0,
)
TICK_SECONDS = 0.1
IMAGES_PER_SECOND = MODEL.max_rows / (STEPS * TICK_SECONDS)
LIMITS = Limits(waiting_images=1000, wait_seconds=100.0, edit_seconds=200.0)


def now() -> float:
    return asyncio.get_running_loop().time()


def demand(key: str = "key", images: int = 1, steps: int = STEPS) -> Demand:
    return Demand(key, images, rows_per_image=1, steps=steps)


@dataclass
class Image:
    steps_left: int
    finished: asyncio.Event = field(default_factory=asyncio.Event)


class Loop:
    """Up to `max_rows` images at once, one step of each for every tick; the others queue up."""

    def __init__(self) -> None:
        self._images: list[Image] = []
        self._waiting: deque[Image] = deque()
        self._changed = asyncio.Event()
        self.rows_of_ticks: list[int] = []

    def add(self, images: int, steps: int) -> list[Image]:
        added = [Image(steps) for _ in range(images)]
        self._waiting.extend(added)
        self._changed.set()
        return added

    def drop(self, images: list[Image]) -> None:
        self._waiting = deque(image for image in self._waiting if image not in images)
        self._images = [image for image in self._images if image not in images]

    async def run(self) -> None:
        while True:
            while self._waiting and len(self._images) < MODEL.max_rows:
                self._images.append(self._waiting.popleft())
            if not self._images:
                self._changed.clear()
                await self._changed.wait()
                continue
            self.rows_of_ticks.append(len(self._images))
            await asyncio.sleep(TICK_SECONDS)
            for image in self._images:
                image.steps_left -= 1
                if image.steps_left == 0:
                    image.finished.set()
            self._images = [image for image in self._images if image.steps_left]


@dataclass
class Outcome:
    """What became of an edit."""

    demand: Demand
    arrived_at: float
    standings: list[Standing] = field(default_factory=list)
    started_at: float | None = None
    ended_at: float | None = None
    refusal: OverloadedError | None = None

    @property
    def wait_seconds(self) -> float:
        assert self.started_at is not None
        return self.started_at - self.arrived_at


class Simulation:
    """Clients before a simulated model."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.admission = Admission(limits)
        self.loop = Loop()
        self.outcomes: list[Outcome] = []
        self._ticking = asyncio.create_task(self.loop.run())

    def send(self, demand: Demand) -> asyncio.Task[Outcome]:
        return asyncio.create_task(self.edit(demand))

    async def edit(self, demand: Demand) -> Outcome:
        outcome = Outcome(demand, now())
        self.outcomes.append(outcome)
        try:
            with self.admission.join(MODEL, demand) as place:
                await self._hold(place, outcome)
        except OverloadedError as error:
            outcome.refusal = error
        outcome.ended_at = now()
        return outcome

    async def _hold(self, place: Place, outcome: Outcome) -> None:
        async for standing in place.waiting():
            outcome.standings.append(standing)
        outcome.started_at = now()
        images = self.loop.add(outcome.demand.images, outcome.demand.steps)
        try:
            for image in images:
                await image.finished.wait()
                place.finish_image()
        finally:
            self.loop.drop(images)

    def images_done(self, key: str, until: float) -> int:
        """Images of a key's edits that were answered by then."""
        return sum(
            outcome.demand.images
            for outcome in self.outcomes
            if outcome.demand.key == key
            and outcome.refusal is None
            and outcome.ended_at is not None
            and outcome.ended_at <= until
        )
