"""What the loop has done since it began, for whoever watches it."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final, Literal

Count = Literal[
    "ticks",  # UNet calls in which images advanced, or failed
    "ticked_images",  # images in them
    "ticked_rows",  # rows in them
    "steps",  # of images, done
    "steps_saved",  # of images that were not done because nobody waited any more
    "images_finished",
    "images_cancelled",
    "busy_seconds",  # of the denoise thread, with images in flight
    "unet_seconds",  # thereof in the UNet
    "encode_seconds",  # of encode threads, waiting for each other included
    "decode_seconds",
]
COUNTS: Final[tuple[Count, ...]] = Count.__args__  # type: ignore[attr-defined]  # typing's own


class Tally:
    """Counts that only grow; safe for any thread, and cheap: publishing them is others' work."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[Count, float] = dict.fromkeys(COUNTS, 0)

    def add(self, **amounts: float) -> None:
        """Adds to counts, by name."""
        with self._lock:
            for name, amount in amounts.items():
                self._counts[name] += amount  # type: ignore[index]  # a wrong name raises

    @contextmanager
    def timing(self, name: Count) -> Iterator[None]:
        """Adds the seconds that the context takes, also if it fails."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.add(**{name: time.perf_counter() - started})

    def read(self) -> Mapping[Count, float]:
        """All counts as they are now."""
        with self._lock:
            return dict(self._counts)
