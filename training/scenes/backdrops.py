"""Random choices among the textures: what lies around a hole, and what words can fill it with."""

from typing import Final

import numpy as np

from training.scenes import palette, textures
from training.scenes.materials import MATERIALS
from training.scenes.textures import PERIOD, Grid
from training.scenes.types import Canvas, Colour
from training.scenes.words import PATTERNS

_BACKDROPS: Final = ("plain", "gradient", "material", "stripes", "checkers", "dots")
_SHARES: Final = (0.3, 0.17, 0.35, 0.07, 0.05, 0.06)


def draw_backdrop(grid: Grid, rng: np.random.Generator) -> Canvas:
    """Whatever may lie around a hole, in colours and measures of its own."""
    kind = str(rng.choice(_BACKDROPS, p=_SHARES))
    if kind == "material":
        return draw_material(grid, rng)[1]
    first, second = _quiet_pair(rng)
    period = float(rng.integers(12, 25) * 2)
    angle = float(rng.choice([0, np.pi / 2, np.pi / 4, -np.pi / 4]))
    match kind:
        case "plain":
            return textures.plain(grid, first)
        case "gradient":
            return textures.gradient(grid, first, second, float(rng.uniform(-np.pi, np.pi)))
        case "stripes":
            return textures.stripes(grid, first, second, period, angle)
        case "checkers":
            return textures.checkers(grid, first, second, period)
        case _:
            return textures.dots(grid, first, second, period)


def _quiet_pair(rng: np.random.Generator) -> tuple[Colour, Colour]:
    """Two colours that differ, but not so much that no object would stand out from both."""
    first = palette.any_colour(rng)
    step = rng.uniform(-70, 70, 3).astype(np.float32)
    return first, np.clip(first + step, 0, 255).astype(np.float32)


def draw_material(grid: Grid, rng: np.random.Generator) -> tuple[str, Canvas]:
    """A random material's name and picture."""
    name = str(rng.choice(list(MATERIALS)))
    return name, MATERIALS[name](grid, rng)


def draw_pattern(grid: Grid, rng: np.random.Generator) -> tuple[str, str, str, Canvas]:
    """A random pattern's name, its colours' names and its picture."""
    name = str(rng.choice(PATTERNS))
    first = str(rng.choice(palette.NAMES))
    ground = palette.jittered(first, rng)
    second = palette.contrasting(rng, ground)
    return name, first, second, paint_pattern(name, grid, ground, palette.jittered(second, rng))


def paint_pattern(name: str, grid: Grid, first: Colour, second: Colour) -> Canvas:
    """A pattern of `PATTERNS` with the period that words stand for."""
    match name:
        case "vertical stripes":
            return textures.stripes(grid, first, second, PERIOD, 0.0)
        case "horizontal stripes":
            return textures.stripes(grid, first, second, PERIOD, np.pi / 2)
        case "checkers":
            return textures.checkers(grid, first, second, PERIOD)
        case "dots":
            return textures.dots(grid, first, second, PERIOD)
        case _:
            return textures.plain(grid, first)
