"""What fills a picture or a hole: plain colours, gradients and drawn materials.

A texture with a phase (stripes, checkers, dots, bricks, planks) starts at the picture's corner, not
at the hole's: what a model paints somewhere then depends on the place alone, and two holes agree.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from training.scenes.types import Canvas, Colour

Plane = NDArray[np.float32]

PERIOD: Final = 64
"""Pixels from stripe to equal stripe, or checker to equal checker, where words ask for them."""
BRICK: Final = (32, 64)
"""Height and width of a brick with its mortar, in pixels."""
MORTAR: Final = 8
"""Pixels between two bricks: as wide as a latent, or it could not be painted."""


@dataclass(frozen=True)
class Grid:
    """The square canvas that a texture is drawn on, `side` pixels a side."""

    side: int

    def axes(self) -> tuple[Plane, Plane]:
        """Pixel centres: x (1, side) and y (side, 1)."""
        steps = np.arange(self.side, dtype=np.float32) + 0.5
        return steps[None, :], steps[:, None]


def noise(rng: np.random.Generator, side: int, cells: tuple[int, int]) -> Plane:
    """Smooth noise (side, side) of about -1..1 with `cells` = (rows, columns) of random values."""
    rows, columns = max(cells[0], 2), max(cells[1], 2)
    coarse = rng.uniform(-1, 1, (rows, columns)).astype(np.float32)
    fine = cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC)
    return np.asarray(fine, np.float32)


def blend(first: Colour, second: Colour, amount: Plane) -> Canvas:
    """`first` where amount (height, width) is 0, `second` where it is 1."""
    return first + np.clip(amount, 0, 1)[..., None] * (second - first)


def shade(colour: Colour, amount: Plane) -> Canvas:
    """One colour, `amount` (height, width) levels lighter in all channels."""
    return colour + amount[..., None]


def soft_square_wave(position: Plane, period: float) -> Plane:
    """0 in the first half of each period and 1 in the second, with edges one pixel wide."""
    phase = position % period
    rise, fall = phase - period / 2 + 0.5, period - phase + 0.5
    start = 0.5 - phase  # the other half of the edge at the period's start
    return np.clip(np.maximum(np.minimum(rise, fall), start), 0, 1).astype(np.float32)


def plain(grid: Grid, colour: Colour) -> Canvas:
    """One colour."""
    return np.broadcast_to(colour, (grid.side, grid.side, 3)).astype(np.float32)


def gradient(grid: Grid, first: Colour, second: Colour, angle: float) -> Canvas:
    """From `first` to `second` across the canvas; `angle` in radians, 0 = left to right."""
    x, y = grid.axes()
    along = (x / grid.side - 0.5) * np.cos(angle) + (y / grid.side - 0.5) * np.sin(angle)
    return blend(first, second, (along + 0.5).astype(np.float32))


def stripes(grid: Grid, first: Colour, second: Colour, period: float, angle: float) -> Canvas:
    """Two colours in turn; `angle` in radians, 0 = upright stripes, pi/2 = lying ones."""
    x, y = grid.axes()
    along = (x * np.cos(angle) + y * np.sin(angle)).astype(np.float32)
    return blend(first, second, soft_square_wave(along, period))


def checkers(grid: Grid, first: Colour, second: Colour, period: float) -> Canvas:
    """A chessboard whose squares are half a period wide."""
    x, y = grid.axes()
    across, down = soft_square_wave(x, period), soft_square_wave(y, period)
    return blend(first, second, across + down - 2 * across * down)


def dots(grid: Grid, ground: Colour, dot: Colour, period: float) -> Canvas:
    """Dots in rows and columns, each in the middle of its cell, 0.3 periods in radius."""
    x, y = grid.axes()
    distance = np.hypot(x % period - period / 2, y % period - period / 2)
    return blend(ground, dot, (0.3 * period + 0.5 - distance).astype(np.float32))
