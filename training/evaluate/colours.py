"""Which named colour an edit put into a hole."""

import numpy as np
from numpy.typing import NDArray

from training.scenes.palette import COLOURS, NAMES

Picture = NDArray[np.uint8]
# Levels by which some channel must differ from the backdrop to count as put there.
_CHANGED = 40
_TABLE = np.array([COLOURS[name] for name in NAMES], np.float32)


def changed(picture: Picture, backdrop: Picture, hole: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Where in the hole a picture visibly departs from the true backdrop: (H, W)."""
    difference = np.abs(picture.astype(np.int16) - backdrop.astype(np.int16)).max(2)
    return np.asarray((difference > _CHANGED) & hole)


def dominant_colour(pixels: NDArray[np.uint8]) -> str:
    """The palette name that most of the pixels (N, 3) are nearest to; "" if there are none."""
    if not len(pixels):
        return ""
    distances = np.linalg.norm(pixels[:, None].astype(np.float32) - _TABLE, axis=2)
    return NAMES[int(np.bincount(distances.argmin(1), minlength=len(NAMES)).argmax())]
