"""Which shape a silhouette is: the one whose outline, fitted to the same box, overlaps it most."""

import cv2
import numpy as np
from numpy.typing import NDArray

from training.scenes import shapes

_SIDE = 64
_MIN_PIXELS = 60

Silhouette = NDArray[np.bool_]


def name_shape(silhouette: Silhouette) -> str:
    """A name of `shapes.NAMES`, or "" if there is hardly anything."""
    thing = _largest_piece(silhouette)
    if thing.sum() < _MIN_PIXELS:
        return ""
    fitted = _fit_to_box(thing)
    overlaps = {name: _overlap(fitted, template) for name, template in _TEMPLATES.items()}
    return max(overlaps, key=lambda name: overlaps[name])


def _largest_piece(silhouette: Silhouette) -> Silhouette:
    """Without specks: the connected piece with the most pixels."""
    opened = cv2.morphologyEx(
        silhouette.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)
    )
    _, labels, stats, _ = cv2.connectedComponentsWithStats(opened)
    areas = stats[1:, cv2.CC_STAT_AREA]
    return (
        np.asarray(labels == 1 + int(areas.argmax())) if len(areas) else np.zeros_like(silhouette)
    )


def _fit_to_box(silhouette: Silhouette) -> Silhouette:
    """Cut out and scaled to a fixed height, its width in proportion, in a box twice as wide."""
    rows, columns = np.nonzero(silhouette.any(1))[0], np.nonzero(silhouette.any(0))[0]
    cut = silhouette[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    width = int(np.clip(round(_SIDE * cut.shape[1] / cut.shape[0]), 8, 2 * _SIDE))
    scaled = cv2.resize(cut.astype(np.float32), (width, _SIDE), interpolation=cv2.INTER_AREA) > 0.5
    box = np.zeros((_SIDE, 2 * _SIDE), np.bool_)
    start = _SIDE - width // 2
    box[:, start : start + width] = scaled
    return box


def _overlap(first: Silhouette, second: Silhouette) -> float:
    """Intersection over union."""
    return float((first & second).sum() / max(1, (first | second).sum()))


_TEMPLATES = {
    name: _fit_to_box(shapes.cover(name, (160, 160), (80, 80), 70) > 0.5) for name in shapes.NAMES
}
