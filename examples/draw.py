"""`python -m examples.draw` draws the example: a meadow with a kite, and a mask."""

from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageDraw

from training.scenes import materials, shapes
from training.scenes.textures import Grid

SIDE: Final = 256
HORIZON: Final = 72
KITE: Final = (196.0, 128.0)
KITE_EXTENT: Final = 26.0
HOLE: Final = (48, 104, 144, 200)  # left, top, right, bottom
FOLDER: Final = Path(__file__).parent
MEADOW: Final = FOLDER / "meadow.png"
MASK: Final = FOLDER / "meadow-mask.png"


def meadow() -> Image.Image:
    """Sky above grass, with a kite that an edit must leave alone."""
    rng = np.random.default_rng(7)
    grid = Grid(SIDE)
    canvas = materials.grass(grid, rng)
    canvas[:HORIZON] = materials.blue_sky(grid, rng)[:HORIZON]
    kite = shapes.cover("diamond", (SIDE, SIDE), KITE, KITE_EXTENT)[..., None]
    canvas += kite * (np.array([235, 190, 30], np.float32) - canvas)
    return Image.fromarray(np.clip(np.rint(canvas), 0, 255).astype(np.uint8))


def mask() -> Image.Image:
    """Opaque but for the hole, which is what will be repainted."""
    alpha = Image.new("L", (SIDE, SIDE), 255)
    ImageDraw.Draw(alpha).rectangle(HOLE, 0)
    picture = Image.new("RGBA", (SIDE, SIDE), "white")
    picture.putalpha(alpha)
    return picture


if __name__ == "__main__":
    meadow().save(MEADOW)
    mask().save(MASK)
