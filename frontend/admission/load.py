"""What a model has done lately, and how long it will take for more."""

import asyncio

from frontend.admission.demand import Demand
from frontend.admission.pace import Pace
from frontend.admission.recent import LastMinute
from frontend.inference.models import EditModel
from frontend.telemetry.metrics import IMAGES, QUEUE_WAIT_SECONDS


class Load:
    """Measures one model."""

    def __init__(self, model: EditModel) -> None:
        self._all_waits = QUEUE_WAIT_SECONDS.labels(model.id)
        self._all_images = IMAGES.labels(model.id)
        self._max_rows = model.max_rows
        self._full = Pace()
        self._partial = Pace()  # while the loop has room: slower by the row
        self._measured_until = 0.0
        self._is_full = False  # since then
        self._waits = LastMinute()
        self._images = LastMinute()

    def begin(self) -> None:
        """The model was idle until now."""
        self._measured_until = _now()
        self._is_full = False

    def started(self, arrived_at: float) -> None:
        """An edit starts that arrived then."""
        waited = _now() - arrived_at
        self._waits.add(_now(), waited)
        self._all_waits.observe(waited)

    def goes_on(self, *, is_full: bool) -> None:
        """What has ended is replaced; `is_full`: the loop has all the rows that it takes."""
        self._is_full = is_full

    def finished(self, demand: Demand) -> None:
        """An image of an edit is finished."""
        self._worked(demand.work_per_image, demand)
        self._images.add(_now(), 1)
        self._all_images.inc()

    def left(self, demand: Demand, work: int, started_at: float, share: float) -> None:
        """An edit ends before it is finished: the time that it took was no idle time.

        How far it was is not known. It is taken to have had its share of the model since it
        started, at the pace that is known; so it changes the pace for nobody.

        Args:
            demand: the edit's.
            work: its work that was not known to be done, in row-steps.
            started_at: when it started.
            share: its rows by all rows at the model.
        """
        pace = self._pace.seconds_per_work
        if pace is None:
            self._measured_until += share * (_now() - self._measured_until)
        else:
            done = share * (_now() - started_at) / pace
            self._worked(min(work, done), demand)

    def _worked(self, work: float, demand: Demand) -> None:
        batch = self._max_rows * demand.steps
        self._pace.add(work, _now() - self._measured_until, batch)
        self._measured_until = _now()

    @property
    def _pace(self) -> Pace:
        return self._full if self._is_full else self._partial

    def seconds_for(self, work: float) -> float | None:
        """How long `work` row-steps take at the present pace; None before enough was measured."""
        seconds = self._full.seconds_per_work or self._partial.seconds_per_work
        return None if seconds is None else work * seconds

    @property
    def is_known(self) -> bool:
        """Whether the pace at full load has been measured."""
        return self._full.seconds_per_work is not None

    @property
    def images_per_minute(self) -> int:
        """Images finished in the last minute."""
        return round(self._images.total(_now()))

    @property
    def mean_wait_seconds(self) -> float | None:
        """How long edits that started in the last minute had waited; None if none started."""
        return self._waits.mean(_now())


def _now() -> float:
    return asyncio.get_running_loop().time()
