"""Pictures and masks that compress as differently as those that people send."""

import io
from collections.abc import Callable, Mapping
from math import sqrt
from typing import Final

import numpy as np
from PIL import Image, ImageDraw

MASK_SHARES: Final = (0.02, 0.1, 0.25, 1.0)
_GRAIN: Final = 4  # standard deviation, in 255ths
_SHAPES: Final = 60


def _smooth(side: int) -> Image.Image:
    """Soft colours: no two pixels the same, every one like its neighbours."""
    colours = np.random.default_rng(0).integers(0, 256, (16, 16, 3), np.uint8)
    return Image.fromarray(colours).resize((side, side), Image.Resampling.BICUBIC)


def _photograph(side: int) -> Image.Image:
    """The same with a camera's grain."""
    grain = np.random.default_rng(1).normal(0, _GRAIN, (side, side, 3))
    noisy = np.asarray(_smooth(side)) + np.rint(grain)
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))


def _drawing(side: int) -> Image.Image:
    """Rectangles of one colour each, and text."""
    rng = np.random.default_rng(2)
    drawing = Image.new("RGB", (side, side), "white")
    pen = ImageDraw.Draw(drawing)
    for _ in range(_SHAPES):
        left, top = rng.integers(0, side, 2)
        width, height = rng.integers(side // 50, side // 5, 2)
        colour = tuple(rng.integers(0, 256, 3).tolist())
        pen.rectangle((left, top, left + width, top + height), colour)
        pen.text((top, left), "the quick brown fox", "black")
    return drawing


PICTURES: Final[Mapping[str, Callable[[int], Image.Image]]] = {
    "smooth": _smooth,
    "photograph": _photograph,
    "drawing": _drawing,
}


def mask_of(side: int, share: float) -> Image.Image:
    """An opaque picture with a transparent square in its middle that takes `share` of it."""
    hole = round(side * sqrt(share))
    start = (side - hole) // 2
    mask = Image.new("RGBA", (side, side), "white")
    mask.paste((0, 0, 0, 0), (start, start, start + hole, start + hole))
    return mask


def png_of(picture: Image.Image) -> bytes:
    """The picture as Pillow writes it by default."""
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()
