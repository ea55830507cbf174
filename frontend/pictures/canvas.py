"""The picture at the size that the client asked for."""

import numpy as np
from PIL import Image

from frontend.pictures.decode import Pixels


def canvas_of(image: Image.Image, side: int) -> Pixels:
    """Return a square RGB or RGBA picture at `side` pixels, (side, side, 3 or 4).

    Pillow resizes RGBA premultiplied, so colours hidden under transparency do not bleed.
    """
    if image.width == side:
        return np.asarray(image)
    return np.asarray(image.resize((side, side), Image.Resampling.LANCZOS))


def resized(pixels: Pixels, side: int) -> Pixels:
    """Scale square `pixels` (H, H, 3 or 4) to `side`; of equal size they come back as they are."""
    return pixels if len(pixels) == side else canvas_of(Image.fromarray(pixels), side)


def on_white(pixels: Pixels) -> Pixels:
    """Composite `pixels` (H, W, 3 or 4) on white: (H, W, 3)."""
    if pixels.shape[2] == 3:
        return pixels
    alpha = pixels[..., 3:].astype(np.uint16)
    blended = pixels[..., :3] * alpha + 255 * (255 - alpha)
    return ((blended + 127) // 255).astype(np.uint8)
