"""How generated pixels meet kept ones without a visible edge.

A VAE shifts colours a little, so a pasted area would show its outline. Near the border the
generated pixels are shifted by the local difference between the canvas and the decoded window. Only
kept pixels are compared, because what lies under the mask may be garbage (black under alpha 0, the
object to remove): a normalised convolution (Knutsson and Westin, 1993) carries their difference
into the mask.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, gaussian_filter

from frontend.pictures.border import Border
from frontend.pictures.decode import Pixels
from frontend.pictures.mask import Mask
from frontend.pictures.outline import Box, outline_boxes

_SIGMA_PIXELS: Final = 3.0  # over how far the difference is averaged
_FADE_PIXELS: Final = 8  # how far inside the mask the shift is gone
_REACH_PIXELS: Final = 12  # gaussian_filter cuts its kernel at four sigmas

Field = NDArray[np.float32]


class Seam:
    """The transition along one mask, computed once and applied to every image of an edit."""

    def __init__(self, mask: Mask) -> None:
        """Prepare the transition of `mask` (side, side), True = repaint."""
        self._area = _surroundings(mask)
        inside = mask[self._area]
        self._border = Border(inside)
        boxes = outline_boxes(inside, _FADE_PIXELS, margin=_REACH_PIXELS)
        self._stretches = [_Stretch(inside, box) for box in boxes]

    def shifted(self, decoded: Pixels, original: Pixels) -> Pixels:
        """Return `decoded` with its masked pixels shifted towards `original` near the border.

        At the border the shift is the whole local difference, `_FADE_PIXELS` inside it is 0.

        Args:
            decoded: what the model painted, (side, side, 3).
            original: what the model was shown, (side, side, 3).
        """
        if not self._stretches:
            return decoded
        near = decoded[self._area].astype(np.float32)
        shown = original[self._area].astype(np.float32)
        drifts = [(stretch.area, stretch.drift(near, shown)) for stretch in self._stretches]
        met, share = self._border.meeting(near, shown)
        near += met
        for area, drift in drifts:
            near[area] += (1 - share[area]) * drift
        result = decoded.copy()
        result[self._area] = np.clip(np.rint(near), 0, 255).astype(np.uint8)
        return result


class _Stretch:
    """A rectangle along the outline, with the surroundings that have a say in it."""

    def __init__(self, mask: Mask, box: Box) -> None:
        self.area = box.area
        self._around = box.grown(_REACH_PIXELS).area
        self._inner = box.within(self._around)
        inside = mask[self._around]
        self._kept = (~inside).astype(np.float32)
        self._weight = _weight(inside)[self._inner]
        # Where the weight is 0 the density may be 0 too, and its value is of no consequence.
        self._density = np.where(self._weight > 0, _blurred(self._kept)[self._inner], 1)

    def drift(self, painted: Field, original: Field) -> Field:
        """Return the kept pixels' difference, carried into the mask and fading: (h, w, 3)."""
        difference = (original[self._around] - painted[self._around]) * self._kept[..., None]
        # Channel by channel: the filter must not mix colours.
        blurred = np.dstack([_blurred(difference[..., channel]) for channel in range(3)])
        return np.asarray(blurred[self._inner] * (self._weight / self._density)[..., None])


def _surroundings(mask: Mask) -> tuple[slice, slice]:
    """The mask's bounding box and the kept pixels that can matter to it."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return (
        slice(max(int(rows[0]) - _REACH_PIXELS, 0), int(rows[-1]) + 1 + _REACH_PIXELS),
        slice(max(int(columns[0]) - _REACH_PIXELS, 0), int(columns[-1]) + 1 + _REACH_PIXELS),
    )


def _weight(mask: Mask) -> Field:
    """(h, w): 1 in the outermost masked pixels, falling smoothly to 0; 0 outside the mask."""
    if mask.all():
        return np.zeros(mask.shape, np.float32)
    depth = distance_transform_edt(mask) - 1  # 0 = next to a kept pixel
    weight = (1 + np.cos(np.pi * np.clip(depth / _FADE_PIXELS, 0, 1))) / 2
    return np.where(mask, weight, 0).astype(np.float32)


def _blurred(field: Field) -> Field:
    return gaussian_filter(field, _SIGMA_PIXELS, mode="constant")
