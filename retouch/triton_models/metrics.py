"""The loop's counts -> counters of Triton's own metrics endpoint."""

from __future__ import annotations  # Triton's module lacks some of its types at run time

import logging
import threading
from collections.abc import Mapping
from typing import Final

import triton_python_backend_utils as pb_utils

from retouch.denoise import COUNTS, Count, Tally

PUBLISH_SECONDS: Final = 1.0
MEANINGS: Final[Mapping[Count, str]] = {
    "ticks": "UNet calls of the denoise loop",
    "ticked_images": "Images in the UNet calls: by ticks, the mean occupancy",
    "ticked_rows": "Rows in the UNet calls",
    "steps": "Denoising steps of images",
    "steps_saved": "Denoising steps not done because the client had left",
    "images_finished": "Images finished",
    "images_cancelled": "Images not finished because the client had left",
    "busy_seconds": "Time of the denoise thread with images in flight",
    "unet_seconds": "Time of the denoise thread in the UNet",
    "encode_seconds": "Time of the encode threads in the encoders",
    "decode_seconds": "Time of the decode thread in the decoder",
}

logger = logging.getLogger(__name__)


class MetricsPublisher:
    """Brings a tally to Triton every second, on a thread of its own.

    Each change of a counter is a message to Triton's process; the loop must not wait for those.
    """

    def __init__(self, model_id: str, max_rows: int, tally: Tally) -> None:
        """Starts the thread; without metrics, as with `--allow-metrics=false`, does nothing.

        Args:
            model_id: the public model's name, the counters' label.
            max_rows: rows of one UNet call at most.
            tally: what is published.
        """
        self._tally = tally
        self._labels = {"model": model_id}
        self._published: dict[Count, float] = dict.fromkeys(COUNTS, 0)
        self._families: list[pb_utils.MetricFamily] = []  # Triton drops what nobody holds
        self._counters: dict[Count, pb_utils.Metric] = {}
        self._is_closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="metrics", daemon=True)
        try:
            self._register(max_rows)
        except (AttributeError, pb_utils.TritonModelException) as error:
            logger.warning("Triton takes no metrics of the loop: %s", error)
        else:
            self._thread.start()

    def close(self) -> None:
        """Stops the thread."""
        self._is_closed.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _register(self, max_rows: int) -> None:
        for count in COUNTS:
            name = f"retouch_loop_{count}_total"
            self._counters[count] = self._metric(
                name, MEANINGS[count], pb_utils.MetricFamily.COUNTER
            )
        gauge = self._metric(
            "retouch_loop_max_rows", "Most rows of one UNet call", pb_utils.MetricFamily.GAUGE
        )
        gauge.set(max_rows)
        self._gauge = gauge

    def _metric(self, name: str, meaning: str, kind: int) -> pb_utils.Metric:
        family = pb_utils.MetricFamily(name=name, description=meaning, kind=kind)
        self._families.append(family)
        return family.Metric(labels=self._labels)

    def _run(self) -> None:
        while not self._is_closed.wait(PUBLISH_SECONDS):
            self._publish()

    def _publish(self) -> None:
        for count, value in self._tally.read().items():
            if value > self._published[count]:
                self._counters[count].increment(value - self._published[count])
                self._published[count] = value
