"""The square of the canvas that the model sees: around the mask, with context."""

from dataclasses import dataclass
from math import ceil
from typing import Final

import numpy as np
from numpy.typing import NDArray

from frontend.pictures.mask import Mask

# A mask takes at most this part of the window's side, so at least a quarter of it is context.
_LARGEST_MASK: Final = 3 / 4

Indices = NDArray[np.intp]


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
    larger where they do not; the whole canvas where that is not larger than `resolution`.

    Args:
        mask: (S, S), at least one pixel True.
        resolution: the model's working resolution.
    """
    rows, columns = _touched(mask)
    extent = int(max(np.ptp(rows), np.ptp(columns))) + 1
    return window_around(mask, max(resolution, ceil(extent / _LARGEST_MASK)))


def window_around(mask: Mask, side: int) -> Window:
    """The window of `side` pixels, or of the whole canvas where that is smaller.

    It is centred on the mask, (S, S), as far as the canvas allows.
    """
    side = min(len(mask), side)
    limit = len(mask) - side
    rows, columns = _touched(mask)
    return Window(_start(rows, side, limit), _start(columns, side, limit), side)


def _touched(mask: Mask) -> tuple[Indices, Indices]:
    """The rows and the columns that the mask touches."""
    return np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))


def _start(covered: Indices, side: int, limit: int) -> int:
    centred = (int(covered[0]) + int(covered[-1]) + 1 - side) // 2
    return min(max(centred, 0), limit)
