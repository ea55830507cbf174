"""How well a hole is filled when nothing shall be in it, and how well its border is hidden."""

import cv2
import numpy as np
from numpy.typing import NDArray

from training.evaluate.colours import Picture
from training.scenes import Scene

_RING_PIXELS = 4
_TELEA_RADIUS = 3


def error(picture: Picture, scene: Scene) -> float:
    """Mean absolute error to the truth in the hole, in levels of 255."""
    difference = np.abs(picture.astype(np.float32) - scene.image.astype(np.float32))
    return float(difference[scene.hole].mean())


def telea(scene: Scene) -> Picture:
    """OpenCV's inpainting (Telea 2004) of the same hole."""
    filled = cv2.inpaint(
        scene.image, scene.hole.astype(np.uint8) * 255, _TELEA_RADIUS, cv2.INPAINT_TELEA
    )
    return np.asarray(filled, np.uint8)


def border_mean(scene: Scene) -> Picture:
    """The hole filled with the mean colour of the pixels around it."""
    size = 2 * _RING_PIXELS + 1
    grown = cv2.dilate(scene.hole.astype(np.uint8), np.ones((size, size), np.uint8)) > 0
    filled = scene.image.copy()
    filled[scene.hole] = scene.image[grown & ~scene.hole].mean(0).round()
    return filled


def border_gradient(picture: Picture, hole: NDArray[np.bool_]) -> float:
    """Mean absolute step, in levels, between pixels on the two sides of a hole's border."""
    values = picture.astype(np.float32)
    across = np.abs(np.diff(values, axis=1))[hole[:, 1:] != hole[:, :-1]]
    down = np.abs(np.diff(values, axis=0))[hole[1:] != hole[:-1]]
    return float(np.concatenate([across, down]).mean())
