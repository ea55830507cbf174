"""Which pixels to repaint, at whatever size they are asked for."""

import numpy as np
from numpy.typing import NDArray

from frontend.errors.pictures import (
    ImageWithoutAlphaError,
    MaskWithoutAlphaError,
    NothingTransparentError,
)
from frontend.pictures.decode import Picture, Pixels

Mask = NDArray[np.bool_]


def repainted_by(mask: Picture) -> Mask:
    """Return where `mask` says to repaint: its fully transparent pixels, not semi-transparent ones.

    Returns:
        (H, W), True = repaint; at least one pixel is True.

    Raises:
        MaskWithoutAlphaError: the mask has no transparency.
        NothingTransparentError: no pixel is fully transparent.
    """
    if mask.alpha is None:
        raise MaskWithoutAlphaError
    return _fully_transparent(mask.alpha, "mask")


def repainted_in(image: Picture) -> Mask:
    """Return where `image` itself says to repaint, as `repainted_by` does for a mask.

    Raises:
        ImageWithoutAlphaError: the image has no transparency.
        NothingTransparentError: no pixel is fully transparent.
    """
    if image.alpha is None:
        raise ImageWithoutAlphaError(image.kind)
    return _fully_transparent(image.alpha, "image")


def _fully_transparent(alpha: Pixels, param: str) -> Mask:
    transparent: Mask = alpha == 0
    if not transparent.any():
        raise NothingTransparentError(param)
    return transparent


def covering(mask: Mask, side: int) -> Mask:
    """Scale a square `mask` to `side` pixels; True = the mask covers any part of the pixel."""
    if len(mask) == side:
        return mask
    # Row by row in memory: columns become rows for the second half.
    columns = np.ascontiguousarray(_covering_rows(mask, side).T)
    return np.ascontiguousarray(_covering_rows(columns, side).T)


def _covering_rows(mask: Mask, rows: int) -> Mask:
    stored = len(mask)
    index = np.arange(rows)
    first = index * stored // rows
    last = -(-(index + 1) * stored // rows) - 1  # the division rounds up
    covered: Mask = mask[first]
    for offset in range(1, int((last - first).max()) + 1):
        covered |= mask[np.minimum(first + offset, last)]
    return covered


def snapped(mask: Mask, block: int) -> Mask:
    """Grow a square `mask` to whole `block` x `block` squares: those that it touches.

    Latents cannot represent less than one block, so this is what a model really repaints.

    Raises:
        ValueError: the side is no multiple of `block`.
    """
    side = len(mask)
    if side % block:
        raise ValueError(f"{side} pixels are no multiple of {block}")
    cells = side // block
    touched = mask.reshape(cells, block, cells, block).any(axis=(1, 3))  # (cells, cells)
    blocks: Mask = touched.repeat(block, axis=0).repeat(block, axis=1)
    return blocks
