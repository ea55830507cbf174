"""The square of the canvas that the model sees: around the mask, with context."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from frontend.pictures.mask import Mask

# A mask takes at most this part of the window's side, so at least a quarter of it is context.
_LARGEST_MASK: Final = 3 / 4


@dataclass(frozen=True)
class Window:
    """A square part of the canvas, in canvas pixels."""

    top: int
    left: int
    side: int

    @property
    def area(self) -> tuple[slice, slice]:
        """Rows and columns, to index an array with."""
        return slice(self.top, self.top + self.side), slice(self.left, self.left + self.side)


def choose_window(mask: Mask, resolution: int) -> Window:
    """Choose the window of a canvas mask for a model that works at `resolution` pixels.

    Its side is `resolution` where mask and context fit, so one canvas pixel is one model pixel;
    larger where they do not; the whole canvas where that is not larger than `resolution`. It is
    centred on the mask as far as the canvas allows.

    Args:
        mask: (S, S), at least one pixel True.
        resolution: the model's working resolution.
    """
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    extent = max(np.ptp(rows), np.ptp(columns)) + 1
    side = min(len(mask), max(resolution, int(np.ceil(extent / _LARGEST_MASK))))
    limit = len(mask) - side
    return Window(_start(rows, side, limit), _start(columns, side, limit), side)


def _start(covered: np.ndarray[tuple[int], np.dtype[np.intp]], side: int, limit: int) -> int:
    centred = (int(covered[0]) + int(covered[-1]) + 1 - side) // 2
    return min(max(centred, 0), limit)
