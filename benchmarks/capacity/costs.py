"""What one server's work takes, as it was measured."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import numpy as np


@dataclass(frozen=True)
class Costs:
    """The times of one model on one device.

    Attributes:
        max_rows: most rows of one UNet call.
        rows_per_image: 1, or 2 for a guided image.
        rows: mean rows of the UNet calls under each measured load, growing.
        tick_seconds: mean time from one step to the next at those rows, with all that competes.
        beside_seconds: of an edit that is alone, everything but its steps.
    """

    max_rows: int
    rows_per_image: int
    rows: tuple[float, ...]
    tick_seconds: tuple[float, ...]
    beside_seconds: float

    def tick(self, rows: int) -> float:
        """Seconds of a step of so many rows, between the measured ones on a straight line."""
        return float(np.interp(rows, self.rows, self.tick_seconds))

    def images_per_second(self, steps: int) -> float:
        """What a device finishes when its calls are always full."""
        images = self.max_rows // self.rows_per_image
        return images / (steps * self.tick(images * self.rows_per_image))

    @classmethod
    def read(cls, path: Path) -> Self:
        """Costs from a file that `write` made."""
        fields = json.loads(path.read_text())
        fields |= {name: tuple(fields[name]) for name in ("rows", "tick_seconds")}
        return cls(**fields)

    def write(self, path: Path) -> None:
        """Keep them as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n")
