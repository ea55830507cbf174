"""EXIF orientation on arrays."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

# EXIF 2.32, tag 0x0112: how to turn the stored picture so that it stands upright.
_TURN: Final[dict[int, Callable[[NDArray[np.uint8]], NDArray[np.uint8]]]] = {
    2: np.fliplr,
    3: lambda stored: np.rot90(stored, 2),
    4: np.flipud,
    5: lambda stored: stored.swapaxes(0, 1),
    6: lambda stored: np.rot90(stored, -1),
    7: lambda stored: np.rot90(stored, 2).swapaxes(0, 1),
    8: lambda stored: np.rot90(stored, 1),
}


def upright(stored: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Turn `stored` (H, W, channels) upright; an unknown orientation changes nothing."""
    turn = _TURN.get(orientation)
    return stored if turn is None else np.ascontiguousarray(turn(stored))
