"""`python -m examples.samples` draws the pictures that the playground offers to begin with."""

from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from examples.draw import SIDE, meadow
from training.scenes import materials, shapes
from training.scenes.textures import Grid
from training.scenes.types import Canvas

FOLDER: Final = Path("frontend/pages/static/samples")
THUMBNAIL_PIXELS: Final = 176  # twice what a page shows, for screens with fine pixels


def beach() -> Image.Image:
    """Sand, water and an evening sky with a low sun."""
    rng = np.random.default_rng(11)
    grid = Grid(SIDE)
    canvas = materials.sand(grid, rng)
    canvas[96:168] = materials.water(grid, rng)[96:168]
    canvas[:96] = materials.sunset_sky(grid, rng)[:96]
    _put(canvas, "circle", (92.0, 66.0), 24.0, (255, 226, 150))
    return _picture(canvas)


def wall() -> Image.Image:
    """A brick wall above a wooden floor, with a heart on it."""
    rng = np.random.default_rng(5)
    grid = Grid(SIDE)
    canvas = materials.bricks(grid, rng)
    canvas[200:] = materials.wood(grid, rng)[200:]
    _put(canvas, "heart", (188.0, 84.0), 34.0, (228, 226, 220))
    return _picture(canvas)


def _put(
    canvas: Canvas, shape: str, centre: tuple[float, float], extent: float, colour: tuple[int, ...]
) -> None:
    cover = shapes.cover(shape, (SIDE, SIDE), centre, extent)[..., None]
    canvas += cover * (np.array(colour, np.float32) - canvas)


def _picture(canvas: Canvas) -> Image.Image:
    return Image.fromarray(np.clip(np.rint(canvas), 0, 255).astype(np.uint8))


def main() -> None:
    """Save each sample and its thumbnail."""
    for name, picture in {"meadow": meadow(), "beach": beach(), "wall": wall()}.items():
        picture.save(FOLDER / f"{name}.png", optimize=True)
        small = picture.resize((THUMBNAIL_PIXELS, THUMBNAIL_PIXELS), Image.Resampling.LANCZOS)
        small.save(FOLDER / f"{name}-small.webp", quality=70, method=6)


if __name__ == "__main__":
    main()
