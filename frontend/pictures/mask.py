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
    return _covering_rows(_covering_rows(mask, side).T, side).T


def _covering_rows(mask: Mask, rows: int) -> Mask:
    stored = len(mask)
    if stored == rows:
        return mask
    index = np.arange(rows)
    first = index * stored // rows
    behind = -(-(index + 1) * stored // rows)  # rounded up
    # reduceat wants every index below the length, and `behind` ends at it: one more row of False.
    padded = np.vstack([mask, np.zeros_like(mask[:1])])
    spans = np.column_stack([first, behind]).ravel()
    reduced: Mask = np.logical_or.reduceat(padded, spans, axis=0)[::2]
    return reduced


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
