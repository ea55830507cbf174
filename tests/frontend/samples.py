"""Pictures to test with."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def png_of(pixels: NDArray[np.uint8] | Image.Image) -> bytes:
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def pixels_of(png: bytes) -> NDArray[np.uint8]:
    with Image.open(io.BytesIO(png)) as image:
        return np.asarray(image)


def noise(side: int, channels: int = 3, seed: int = 0) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (side, side, channels), dtype=np.uint8)


def mask_with_hole(side: int, top: int, left: int, bottom: int, right: int) -> NDArray[np.uint8]:
    """An opaque RGBA picture with a transparent rectangle."""
    mask = np.full((side, side, 4), 255, np.uint8)
    mask[top:bottom, left:right] = 0
    return mask
