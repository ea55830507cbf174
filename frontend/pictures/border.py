"""The small step that is left along a mask's border, and how it is taken out.

Where the kept pixels are smooth a person sees a step of two levels; where they are rough, nobody
sees one, and it may be the picture's own. A large step is what was asked for: the edge of a thing.
So a step counts as an error as far as it is small and the kept pixels beside it are smooth, and is
then spread over the whole masked area as by a membrane (Farbman et al. 2009, "Coordinates for
instant image cloning", do so with all steps).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from frontend.pictures.mask import Mask
from frontend.pictures.membrane import Field, enlarged, spread

_CELL_PIXELS: Final = 8  # a side of the cells that decide together
_FIELD_PIXELS: Final = 256  # a larger area's field is made at a fraction of its size
_EDGE_LEVELS: Final = 40  # a step of so many levels counts for a third
_ROUGH_LEVELS: Final = 12  # neighbours that differ by so much hide every step

Indices = NDArray[np.intp]


class Border:
    """The pairs of neighbours along one mask's border.

    Args:
        mask: (h, w), True = repaint.
    """

    def __init__(self, mask: Mask) -> None:
        self._shape = mask.shape
        self._scale = max(1, max(mask.shape) // _FIELD_PIXELS)
        self._coarse = (-(-mask.shape[0] // self._scale), -(-mask.shape[1] // self._scale))
        steps = [_pairs(mask, down, right) for down, right in ((0, 1), (0, -1), (1, 0), (-1, 0))]
        # Indices of (masked pixel, kept neighbour, the pixel behind it) into the flat picture.
        self._inner, self._kept, self._outer = np.concatenate(steps, axis=1)
        rows, columns = np.divmod(self._inner, mask.shape[1])
        places = rows // self._scale * self._coarse[1] + columns // self._scale
        self._places, self._place = np.unique(places, return_inverse=True)
        self._cell = rows // _CELL_PIXELS * mask.shape[1] + columns // _CELL_PIXELS

    def meeting(self, painted: Field, original: Field) -> tuple[Field, Field]:
        """Return what makes `painted` meet `original`, (h, w, 3), and its share 0..1, (h, w, 1).

        Args:
            painted: (h, w, 3), what the model made of masked and of kept pixels.
            original: (h, w, 3), kept pixels are read.
        """
        shown, made = original.reshape(-1, 3), painted.reshape(-1, 3)
        step = made[self._kept] - made[self._inner]  # (pairs, 3)
        roughness = np.abs(shown[self._kept] - shown[self._outer])
        gap = shown[self._kept] - made[self._inner]
        size = np.maximum(self._mean_by_cell(step), self._mean_by_cell(gap))
        share = _share(size, self._mean_by_cell(roughness))[:, None]
        values = np.column_stack([gap * share, share])  # (pairs, 4)
        field = enlarged(spread(*self._placed(values)), self._shape, self._scale)
        return field[:3].transpose(1, 2, 0), field[3][..., None]

    def _placed(self, values: Field) -> tuple[Field, Field]:
        """The means over the pairs of each place of the coarse field, and where there are any."""
        count = np.bincount(self._place)
        means = np.zeros((values.shape[1], *self._coarse), np.float32)
        for mean, channel in zip(means, values.T, strict=True):
            mean.flat[self._places] = np.bincount(self._place, channel) / count
        known = np.zeros(self._coarse, np.float32)
        known.flat[self._places] = 1
        return means, known

    def _mean_by_cell(self, values: Field) -> Field:
        """The mean over a pair's cell, per pair; the channel that is furthest from 0: (pairs,)."""
        count = np.bincount(self._cell)
        means = [np.bincount(self._cell, channel)[self._cell] for channel in values.T]
        return np.asarray(np.abs(means).max(0) / count[self._cell], np.float32)


def _share(step: Field, roughness: Field) -> Field:
    """How much of a step is an error, 0..1, by its mean and the roughness beside it in levels."""
    smooth = np.clip(1 - roughness / _ROUGH_LEVELS, 0, 1)
    return np.asarray(np.square(smooth) * np.exp(-np.square(step / _EDGE_LEVELS)), np.float32)


def _pairs(mask: Mask, down: int, right: int) -> Indices:
    """(3, n): flat indices of masked pixels, their kept neighbours and the kept pixels behind."""
    kept = np.pad(~mask, 2)  # what lies beyond the picture is not kept
    height, width = mask.shape
    near, behind = (
        kept[2 + k * down : 2 + k * down + height, 2 + k * right : 2 + k * right + width]
        for k in (1, 2)
    )
    inner, offset = np.flatnonzero(mask & near & behind), down * width + right
    return np.stack([inner, inner + offset, inner + 2 * offset])
