"""A smooth field through given values: the pull-push interpolation of Gortler et al. 1996."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Field = NDArray[np.float32]


def spread(values: Field, weight: Field) -> Field:
    """Continue `values` from where they are known over everything else.

    The known pixels are averaged 2 x 2 until one is left, and what is unknown at one size is taken,
    interpolated, from the next smaller one. So a value reaches as far as no other is nearer, much
    as in a soap film, at a cost that grows with the number of pixels alone.

    Args:
        values: (c, h, w), 0 where unknown.
        weight: (h, w), 1 = known, 0 = unknown.

    Returns:
        (c, h, w), equal to `values` where the weight is 1.
    """
    height, width = weight.shape
    if height * width == 1:
        return values
    density = _halved(weight)
    sums = np.stack([_halved(channel) for channel in values])
    coarse = spread(sums / np.where(density > 0, density, 1), (density > 0).astype(np.float32))
    filled = enlarged(coarse, weight.shape, 2)
    np.copyto(filled, values, where=weight > 0)
    return filled


def _halved(field: Field) -> Field:
    return np.asarray(Image.fromarray(field).reduce(2))


def enlarged(field: Field, shape: tuple[int, ...], scale: int) -> Field:
    """Interpolate `field` (c, h / scale, w / scale), rounded up, linearly: (c, *shape)."""
    if scale == 1:
        return field
    height, width = shape
    size, box = (width, height), (0, 0, width / scale, height / scale)
    images = [Image.fromarray(channel) for channel in field]
    resized = [image.resize(size, Image.Resampling.BILINEAR, box) for image in images]
    return np.stack([np.asarray(image, np.float32) for image in resized])
