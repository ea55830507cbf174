"""Whether a hole holds the texture that words asked for.

Patterns are compared with the drawn pattern of that period and phase. Materials are told apart by
statistics (mean colour, spread, and how rough they are along and across), as learnt from true ones.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from training.evaluate.colours import Picture, dominant_colour
from training.scenes import Scene, draw_scene
from training.scenes.backdrops import paint_pattern
from training.scenes.textures import BRICK, MORTAR, Grid

_MIN_CORRELATION = 0.7
_BLACK, _WHITE = np.zeros(3, np.float32), np.full(3, 255, np.float32)


def statistics(picture: Picture, hole: NDArray[np.bool_]) -> NDArray[np.float32]:
    """(8,): mean R, G, B, deviation R, G, B, roughness across and down, of the hole's inside."""
    pixels = picture[hole].astype(np.float32)
    light = picture.astype(np.float32).mean(2)
    across = np.abs(np.diff(light, axis=1))[hole[:, 1:] & hole[:, :-1]].mean()
    down = np.abs(np.diff(light, axis=0))[hole[1:] & hole[:-1]].mean()
    return np.array([*pixels.mean(0), *pixels.std(0), across * 4, down * 4], np.float32)


class MaterialJudge:
    """Names a material by the nearest statistics, as learnt from true pictures."""

    def __init__(self, seed: int, side: int, count: int = 200) -> None:
        scenes = [draw_scene(seed, number, side, "material") for number in range(count)]
        names = np.array([scene.truth.scene for scene in scenes])
        values = np.stack([statistics(scene.image, scene.hole) for scene in scenes])
        self._names = sorted(set(names))
        self._means = np.stack([values[names == name].mean(0) for name in self._names])
        self._spreads = np.stack([values[names == name].std(0) + 4 for name in self._names])

    def name(self, picture: Picture, hole: NDArray[np.bool_]) -> str:
        """The likeliest material under independent normal distributions."""
        deviation = (statistics(picture, hole) - self._means) / self._spreads
        surprise = 0.5 * np.square(deviation).sum(1) + np.log(self._spreads).sum(1)
        return str(self._names[int(surprise.argmin())])


def holds_material(picture: Picture, scene: Scene, judge: MaterialJudge) -> bool:
    """Whether it is the material; a brick wall must also have its rows in place."""
    if judge.name(picture, scene.hole) != scene.truth.scene:
        return False
    return scene.truth.scene != "brick wall" or row_correlation(picture, scene) > _MIN_CORRELATION


def row_correlation(picture: Picture, scene: Scene) -> float:
    """Of the rows' lightness with mortar at the true height and phase; lower rows count as well."""
    light = np.where(scene.hole, picture.astype(np.float32).mean(2), np.nan)
    rows = np.nonzero(scene.hole.any(1))[0]
    profile = np.nanmean(light[rows], 1)
    phase = rows % BRICK[0]
    mortar = (np.minimum(phase, BRICK[0] - phase) < MORTAR / 2).astype(np.float32)
    return _correlation(profile, mortar)


def holds_pattern(picture: Picture, scene: Scene) -> bool:
    """Whether both colours are there, in the period and phase of the pattern."""
    grid = Grid(len(scene.hole))
    stencil = paint_pattern(scene.truth.scene, grid, _BLACK, _WHITE)[..., 0] > 127
    first, second = picture[scene.hole & ~stencil], picture[scene.hole & stencil]
    if dominant_colour(first) != scene.truth.colour:
        return False
    if scene.truth.scene == "plain":
        return True
    if dominant_colour(second) != scene.truth.second_colour:
        return False
    axis = second.mean(0) - first.mean(0)
    along = picture[scene.hole].astype(np.float32) @ axis
    return _correlation(along, stencil[scene.hole].astype(np.float32)) > _MIN_CORRELATION


def _correlation(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    if first.std() == 0 or second.std() == 0:
        return 0.0
    return float(np.corrcoef(first, second)[0, 1])


def share(verdicts: Sequence[bool]) -> float:
    """The share of true ones."""
    return sum(verdicts) / max(1, len(verdicts))
