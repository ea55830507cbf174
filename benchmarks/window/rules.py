"""Ways to choose the window, the product's among them."""

from dataclasses import dataclass
from math import ceil
from typing import Final

import numpy as np

from frontend.pictures.mask import Mask
from frontend.pictures.window import Window, window_around


@dataclass(frozen=True)
class Rule:
    """The window's side is the least one at which the mask takes at most a part of it.

    Attributes:
        largest_mask: the most that the mask takes of the window's side; 0 = the whole canvas.
        least_side: of the window, as a share of the model's resolution R. What is smaller than R
            is enlarged for the model.
        small_mask: the most that a mask takes of a window that is smaller than R.
    """

    largest_mask: float
    least_side: float = 1.0
    small_mask: float = 1.0

    @property
    def name(self) -> str:
        """As people read it."""
        if not self.largest_mask:
            return "whole canvas"
        if self.least_side < 1:
            return f"from R x {self.least_side:g}, mask <= {self.small_mask:g}"
        return f"mask <= {self.largest_mask:g}"

    def window(self, mask: Mask, resolution: int) -> Window:
        """The window of a canvas's mask, (S, S)."""
        if not self.largest_mask:
            return window_around(mask, len(mask))
        rows, columns = np.nonzero(mask)
        extent = int(max(np.ptp(rows), np.ptp(columns))) + 1
        enlarged = max(self.least_side * resolution, extent / self.small_mask)
        side = max(min(resolution, enlarged), extent / self.largest_mask)
        return window_around(mask, ceil(side))


PRODUCT: Final = Rule(3 / 4)
RULES: Final = (
    Rule(1 / 2),
    Rule(5 / 8),
    PRODUCT,
    Rule(7 / 8),
    Rule(1),
    Rule(0),
    Rule(3 / 4, 1 / 2, 3 / 4),
    Rule(3 / 4, 1 / 2, 1 / 2),
    Rule(3 / 4, 3 / 4, 1 / 2),
)
