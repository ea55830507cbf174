"""Shapes as signed distances (or bounds of them) on a grid, turned into antialiased coverage.

Every function takes coordinates x, y in units of the shape's half extent, so that the shape spans
[-1, 1] in its larger direction (y points down), and returns a value that is negative inside and
grows by about 1 per unit outside.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from training.scenes.types import Coverage

Plane = NDArray[np.float32]
Distance = Callable[[Plane, Plane], Plane]


def _circle(x: Plane, y: Plane) -> Plane:
    return np.asarray(np.hypot(x, y) - 1, np.float32)


def _ring(x: Plane, y: Plane) -> Plane:
    return np.asarray(np.abs(np.hypot(x, y) - 0.72) - 0.28, np.float32)


def _square(x: Plane, y: Plane) -> Plane:
    return np.maximum(np.abs(x), np.abs(y)) - 0.9


def _diamond(x: Plane, y: Plane) -> Plane:
    # Narrower than it is high, as on a playing card: no square on its tip.
    slope = np.float32(np.hypot(1, 0.7))
    return np.asarray((np.abs(x) + 0.7 * np.abs(y) - 0.7) / slope, np.float32)


def _triangle(x: Plane, y: Plane) -> Plane:
    # Tip at (0, -1), base from (-1, 0.8) to (1, 0.8).
    side = (1.8 * np.abs(x) - y - 1) / np.float32(np.hypot(1.8, 1))
    return np.maximum(side, y - 0.8)


def _cross(x: Plane, y: Plane) -> Plane:
    wide, narrow = np.maximum(np.abs(x), np.abs(y)), np.minimum(np.abs(x), np.abs(y))
    return np.maximum(wide - 0.95, narrow - 0.32)


def _star(x: Plane, y: Plane) -> Plane:
    """Five points, the inner corners at 0.45 of the outer ones."""
    sector = np.float32(np.pi / 5)
    angle = np.arctan2(x, -y)  # 0 at the upper tip
    angle = np.abs((angle + sector) % (2 * sector) - sector)  # 0 at a tip, `sector` between two
    radius = np.hypot(x, y)
    along, across = radius * np.cos(angle), radius * np.sin(angle)
    inner = 0.45 * np.array([np.cos(sector), np.sin(sector)], np.float32)
    edge = np.array([1 - inner[0], -inner[1]], np.float32)  # from the inner corner to the tip
    normal = np.array([-edge[1], edge[0]], np.float32) / np.hypot(*edge)
    return np.asarray(normal[0] * (along - 1) + normal[1] * across, np.float32)


def _heart(x: Plane, y: Plane) -> Plane:
    """Two circles and the corner below that is tangent to both."""
    x, y = np.abs(x), y + 0.1
    lobe = np.hypot(x - 0.47, y + 0.37) - 0.53
    outward = np.array([0.78, 0.626], np.float32)  # where the lobe meets the straight side
    side = (x - 0.47) * outward[0] + (y + 0.37) * outward[1] - 0.53
    above = (x - 0.47) * outward[1] - (y + 0.37) * outward[0]
    body = np.maximum(np.maximum(side, above), -(y + 0.37))
    return np.minimum(lobe, body)


SHAPES: Final[dict[str, Distance]] = {
    "circle": _circle,
    "square": _square,
    "triangle": _triangle,
    "star": _star,
    "heart": _heart,
    "ring": _ring,
    "diamond": _diamond,
    "cross": _cross,
}
NAMES: Final = tuple(SHAPES)


def cover(name: str, size: tuple[int, int], centre: tuple[float, float], extent: float) -> Coverage:
    """Coverage (height, width) of a shape of half extent `extent` at `centre` (x, y), in pixels."""
    height, width = size
    x = (np.arange(width, dtype=np.float32) + 0.5 - centre[0]) / extent
    y = (np.arange(height, dtype=np.float32) + 0.5 - centre[1]) / extent
    distance = SHAPES[name](*np.meshgrid(x, y)) * np.float32(extent)
    return np.clip(0.5 - distance, 0, 1).astype(np.float32)
