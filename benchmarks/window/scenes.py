"""Held-out scenes whose hole takes a given share of the canvas."""

from collections.abc import Callable, Mapping
from math import exp, sqrt
from typing import Final

import cv2
import numpy as np

from training.scenes import Scene
from training.scenes.holes import Room
from training.scenes.scene import object_in, pattern_in, removal_in
from training.scenes.types import Hole

SEED: Final = 9_100_001
TASKS: Final[Mapping[str, Callable[[Hole, Room, np.random.Generator], Scene]]] = {
    "object": object_in,
    "removal": removal_in,
    "pattern": lambda hole, _, rng: pattern_in(hole, rng),
}
_STRETCH: Final = 0.25  # boxes are up to e to the power of twice this longer than wide


def scenes_of(task: str, count: int, side: int, share: float) -> list[Scene]:
    """Scenes number 0 to `count` of a task of `TASKS`.

    Args:
        task: what the words ask for.
        count: how many.
        side: of the canvas, in pixels.
        share: of the canvas that the hole takes, below a half; boxes and ellipses in turn.
    """
    return [_scene(task, number, side, share) for number in range(count)]


def _scene(task: str, number: int, side: int, share: float) -> Scene:
    rng = np.random.default_rng([SEED, number, side])
    return TASKS[task](*_hole(number, side, share, rng), rng)


def _hole(number: int, side: int, share: float, rng: np.random.Generator) -> tuple[Hole, Room]:
    """A hole of no grid's measures, as people make them."""
    is_box = number % 2 == 0
    diameter = side * sqrt(share if is_box else share * 4 / np.pi)
    stretch = exp(rng.uniform(-_STRETCH, _STRETCH))
    half_width, half_height = diameter * stretch / 2, diameter / stretch / 2
    x = rng.uniform(half_width, side - half_width)
    y = rng.uniform(half_height, side - half_height)
    hole = np.zeros((side, side), np.uint8)
    if is_box:
        corners = (round(x - half_width), round(y - half_height))
        opposite = (round(x + half_width) - 1, round(y + half_height) - 1)
        cv2.rectangle(hole, corners, opposite, 255, -1)
    else:
        centre, axes = (round(x), round(y)), (round(half_width), round(half_height))
        cv2.ellipse(hole, centre, axes, 0, 0, 360, [255], -1)
    room = min(half_width, half_height) * (1 if is_box else 0.8)  # as training's holes have it
    return hole > 0, Room((x, y), room)
