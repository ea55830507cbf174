"""What becomes of the same edit in different windows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.local.painting import Painter
from benchmarks.window.rules import Rule
from frontend.pictures.edit import EditPixels
from frontend.pictures.window import Window
from training.evaluate import removal
from training.evaluate.colours import Picture, changed, dominant_colour
from training.evaluate.silhouettes import name_shape
from training.evaluate.textures import holds_pattern
from training.scenes import Scene


@dataclass(frozen=True)
class Edits:
    """One rule's edits of the same task.

    Attributes:
        rule: as people read it.
        sides: of the windows in canvas pixels, (edits,).
        values: of each measure, (edits,).
    """

    rule: str
    sides: NDArray[np.float64]
    values: Mapping[str, NDArray[np.float64]]


def compare(
    painter: Painter, task: str, scenes: Sequence[Scene], rules: Sequence[Rule]
) -> list[Edits]:
    """Each rule's edits of the same scenes from the same noise."""
    resolution = painter.model.resolution
    sides: list[list[int]] = [[] for _ in rules]
    verdicts: list[list[Mapping[str, float]]] = [[] for _ in rules]
    for seed, scene in enumerate(scenes):
        windows = [rule.window(scene.hole, resolution) for rule in rules]
        pictures = _painted(painter, scene, seed, windows)
        for number, window in enumerate(windows):
            sides[number].append(window.side)
            verdicts[number].append(JUDGES[task](pictures[window], scene))
    return [
        Edits(rule.name, np.array(sides[number], np.float64), _columns(verdicts[number]))
        for number, rule in enumerate(rules)
    ]


def _painted(
    painter: Painter, scene: Scene, seed: int, windows: Sequence[Window]
) -> dict[Window, Picture]:
    """One edit in each of the windows, of which several may be the same."""
    numbers = {
        "resolution": painter.model.resolution,
        "latent_factor": painter.model.latent_factor,
    }
    distinct = list(dict.fromkeys(windows))
    pixels = [EditPixels.within(one, scene.image, scene.hole, **numbers) for one in distinct]
    count = len(distinct)
    painted = painter.paint(pixels, [scene.caption] * count, [seed] * count)
    return dict(zip(distinct, painted, strict=True))


def _removal(picture: Picture, scene: Scene) -> Mapping[str, float]:
    """In levels of 255: the error to the true background, and how much too high the step is."""
    step = removal.border_gradient(picture, scene.hole)
    true_step = removal.border_gradient(scene.image, scene.hole)
    return {"error": removal.error(picture, scene), "seam": step - true_step}


def _object(picture: Picture, scene: Scene) -> Mapping[str, float]:
    """1 where it is right."""
    thing = changed(picture, scene.backdrop, scene.hole)
    return {
        "shape": name_shape(thing) == scene.truth.shape,
        "colour": dominant_colour(picture[thing]) == scene.truth.colour,
    }


def _pattern(picture: Picture, scene: Scene) -> Mapping[str, float]:
    """1 where colours, period and phase are right: they are the same in every part of a canvas."""
    return {"pattern": holds_pattern(picture, scene)}


JUDGES: Final[Mapping[str, Callable[[Picture, Scene], Mapping[str, float]]]] = {
    "removal": _removal,
    "object": _object,
    "pattern": _pattern,
}


def _columns(verdicts: Sequence[Mapping[str, float]]) -> dict[str, NDArray[np.float64]]:
    return {
        name: np.array([verdict[name] for verdict in verdicts], np.float64) for name in verdicts[0]
    }
