"""Which pixels to repaint, at whatever size they are asked for."""

import numpy as np
from numpy.typing import NDArray

from frontend.errors.pictures import (
    ImageWithoutAlphaError,
    MaskWithoutAlphaError,
    NothingTransparentError,
)
from frontend.pictures.decode import Picture

Mask = NDArray[np.bool_]


def repaint_mask(image: Picture, mask: Picture | None) -> Mask:
    """Return where to repaint: the fully transparent pixels of `mask`, or without one of `image`.

    Semi-transparent pixels are kept.

    Returns:
        (H, W), True = repaint; at least one pixel is True.

    Raises:
        ImageWithoutAlphaError: there is no mask and the image has no transparency.
        MaskWithoutAlphaError: the mask has no transparency.
        NothingTransparentError: no pixel is fully transparent.
    """
    source = image if mask is None else mask
    if source.alpha is None:
        raise ImageWithoutAlphaError(image.kind) if mask is None else MaskWithoutAlphaError()
    transparent: Mask = source.alpha == 0
    if not transparent.any():
        raise NothingTransparentError("image" if mask is None else "mask")
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
