"""Where a mask's outline runs: rectangles that cover it, and little else.

Work along an outline costs as much as the outline is long; over the whole mask it would cost as
much as the mask is large.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.ndimage import binary_dilation

from frontend.pictures.mask import Mask

_UNDIVIDED_CELLS: Final = 4  # smaller rectangles save nothing


@dataclass(frozen=True)
class Box:
    """A rectangle of an array: rows top..bottom - 1 and columns left..right - 1."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def area(self) -> tuple[slice, slice]:
        """Rows and columns, to index an array with."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    def grown(self, margin: int) -> "Box":
        """Return the box with `margin` more on every side, as far as indices go."""
        top, left = max(self.top - margin, 0), max(self.left - margin, 0)
        return Box(top, left, self.bottom + margin, self.right + margin)

    def scaled(self, factor: int, limits: tuple[int, ...]) -> "Box":
        """Return the box in an array of `limits` whose blocks of `factor` elements it counted."""
        bottom, right = (
            min(end * factor, limit)
            for end, limit in zip((self.bottom, self.right), limits, strict=True)
        )
        return Box(self.top * factor, self.left * factor, bottom, right)

    def within(self, around: tuple[slice, slice]) -> tuple[slice, slice]:
        """Return rows and columns of the box in an array that was cut out by `around`."""
        rows, columns = around
        return (
            slice(self.top - rows.start, self.bottom - rows.start),
            slice(self.left - columns.start, self.right - columns.start),
        )


def outline_boxes(mask: Mask, width: int, margin: int) -> list[Box]:
    """Return boxes that cover the masked pixels up to `width` from a kept one; none overlap.

    Args:
        mask: (H, W), True = masked.
        width: in pixels.
        margin: how many pixels around a box its user looks at; boxes are divided as far as that
            makes this less in all.
    """
    cells = _outline_cells(mask, width)
    boxes = _divided(cells, Box(0, 0, *cells.shape), margin / width)
    return [box.scaled(width, mask.shape) for box in boxes]


def _outline_cells(mask: Mask, width: int) -> Mask:
    """Cells of `width` x `width` pixels with masked ones, in or next to a cell with kept ones."""
    missing = [(0, -side % width) for side in mask.shape]
    rows, columns = (-(-side // width) for side in mask.shape)
    # What lies beyond the array's end is not kept: it repeats the last pixels.
    cells = np.pad(mask, missing, mode="edge").reshape(rows, width, columns, width)
    # One axis after the other: both at once take seven times as long.
    near_kept = binary_dilation(~cells.all(axis=1).all(axis=2), np.ones((3, 3), np.bool_))
    outline: Mask = cells.any(axis=1).any(axis=2) & near_kept
    return outline


def _divided(cells: Mask, box: Box, margin: float) -> list[Box]:
    """Shrink `box` to its True cells, and halve it as often as that makes the work less."""
    rows, columns = (np.flatnonzero(cells[box.area].any(axis=axis)) for axis in (1, 0))
    if not rows.size:
        return []
    top, left = box.top + int(rows[0]), box.left + int(columns[0])
    tight = Box(top, left, box.top + int(rows[-1]) + 1, box.left + int(columns[-1]) + 1)
    if max(tight.bottom - top, tight.right - left) <= _UNDIVIDED_CELLS:
        return [tight]
    parts = [part for half in _halves(tight) for part in _divided(cells, half, margin)]
    work = sum(_work(part, margin) for part in parts)
    return parts if work < _work(tight, margin) else [tight]


def _halves(box: Box) -> tuple[Box, Box]:
    if box.bottom - box.top > box.right - box.left:
        middle = (box.top + box.bottom) // 2
        return Box(box.top, box.left, middle, box.right), Box(
            middle, box.left, box.bottom, box.right
        )
    middle = (box.left + box.right) // 2
    return Box(box.top, box.left, box.bottom, middle), Box(box.top, middle, box.bottom, box.right)


def _work(box: Box, margin: float) -> float:
    return (box.bottom - box.top + 2 * margin) * (box.right - box.left + 2 * margin)
