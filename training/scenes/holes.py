"""Holes as people make them: boxes, ellipses, strokes of a brush, outlines of a thing, everything.

The model sees holes in whole blocks of latents only, so every hole leaves here snapped outward.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from training.scenes import shapes
from training.scenes.types import Hole

BLOCK: Final = 8
"""Pixels a side of one latent, to which holes are snapped outward."""
KINDS: Final = ("box", "ellipse", "strokes", "outline")


@dataclass(frozen=True)
class Room:
    """The free place in a hole: its centre (x, y) and the half side of a square that fits there."""

    centre: tuple[float, float]
    extent: float


def snapped(hole: Hole) -> Hole:
    """The hole grown to whole blocks: a block is open as soon as one of its pixels is."""
    rows, columns = hole.shape[0] // BLOCK, hole.shape[1] // BLOCK
    blocks = hole.reshape(rows, BLOCK, columns, BLOCK).any((1, 3))
    return np.repeat(np.repeat(blocks, BLOCK, 0), BLOCK, 1)


def everything(side: int) -> tuple[Hole, Room]:
    """A hole as large as the canvas; things are drawn a little smaller in it."""
    return np.ones((side, side), np.bool_), Room((side / 2, side / 2), side * 0.4)


def draw_hole(kind: str, side: int, rng: np.random.Generator) -> tuple[Hole, Room]:
    """A snapped hole (side, side) of a kind of `KINDS`, and the room in it."""
    hole = np.zeros((side, side), np.uint8)
    longest = 0.8 * side
    width = float(np.exp(rng.uniform(np.log(44), np.log(longest))))
    height = float(np.clip(width * np.exp(rng.uniform(-0.5, 0.5)), 44, longest))
    x = rng.uniform(width / 2 + 4, side - width / 2 - 4)
    y = rng.uniform(height / 2 + 4, side - height / 2 - 4)
    extent = _DRAW[kind](hole, (x, y), (width, height), rng)
    return snapped(hole > 0), Room((x, y), extent)


def _corners(
    centre: tuple[float, float], size: tuple[float, float]
) -> tuple[tuple[int, int], tuple[int, int]]:
    (x, y), (width, height) = centre, size
    return (round(x - width / 2), round(y - height / 2)), (
        round(x + width / 2),
        round(y + height / 2),
    )


def _box(
    hole: cv2.typing.MatLike,
    centre: tuple[float, float],
    size: tuple[float, float],
    rng: np.random.Generator,  # noqa: ARG001 - one signature for all kinds
) -> float:
    cv2.rectangle(hole, *_corners(centre, size), 255, -1)
    return min(size) / 2


def _ellipse(
    hole: cv2.typing.MatLike,
    centre: tuple[float, float],
    size: tuple[float, float],
    rng: np.random.Generator,  # noqa: ARG001
) -> float:
    axes = (round(size[0] / 2), round(size[1] / 2))
    cv2.ellipse(hole, (round(centre[0]), round(centre[1])), axes, 0, 0, 360, [255], -1)
    return min(size) / 2 * 0.8


def _strokes(
    hole: cv2.typing.MatLike,
    centre: tuple[float, float],
    size: tuple[float, float],
    rng: np.random.Generator,
) -> float:
    """A zigzag of a thick brush across the box, as one scribbles over a thing."""
    thickness = round(max(20.0, min(size) * rng.uniform(0.28, 0.4)))
    (left, top), (right, bottom) = _corners(centre, (size[0] - thickness, size[1] - thickness))
    rows = np.linspace(top, bottom, int(rng.integers(4, 7)))
    ends = [left if i % 2 == 0 else right for i in range(len(rows))]
    wobble = rng.normal(0, thickness * 0.1, (len(rows), 2))
    points = (np.stack([ends, rows], 1) + wobble).round().astype(np.int32)
    cv2.polylines(hole, [points], False, [255], thickness)
    return min(size) / 2 * 0.85


def _outline(
    hole: cv2.typing.MatLike,
    centre: tuple[float, float],
    size: tuple[float, float],
    rng: np.random.Generator,
) -> float:
    """A whole shape, as selected with a lasso, grown by some pixels."""
    extent = min(size) / 2
    name = shapes.NAMES[int(rng.integers(len(shapes.NAMES)))]
    grown = shapes.cover(name, (hole.shape[0], hole.shape[1]), centre, extent - 6) > 0
    cv2.dilate(grown.astype(np.uint8) * 255, np.ones((13, 13), np.uint8), hole)
    return extent * 0.8


_DRAW: Final = {"box": _box, "ellipse": _ellipse, "strokes": _strokes, "outline": _outline}
