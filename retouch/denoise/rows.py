"""Many images -> the inputs of one UNet call, and back."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from retouch.denoise.live_image import LiveImage
from retouch.denoise.seam import UNetRows
from retouch.schedulers import FloatArray


def grouped_by_shape(images: Iterable[LiveImage]) -> list[list[LiveImage]]:
    """Images that fit into one call: those whose prompts have equally many chunks."""
    groups: dict[int, list[LiveImage]] = {}
    for image in images:
        tokens = image.conditioning.embeddings.shape[1]
        groups.setdefault(tokens, []).append(image)
    return list(groups.values())


def unet_rows(images: Sequence[LiveImage], resolution: int) -> UNetRows:
    """Stacks the rows of all images, each image's next to each other.

    Args:
        images: of one shape.
        resolution: the window's side in pixels.
    """
    pooled = [i.conditioning.pooled for i in images if i.conditioning.pooled is not None]
    timesteps = [[image.timestep] for image in images for _ in range(image.rows)]
    return UNetRows(
        latents=np.concatenate([image.unet_latents() for image in images]),
        timestep=np.array(timesteps, np.float32),
        embeddings=np.concatenate([image.conditioning.embeddings for image in images]),
        pooled=np.concatenate(pooled) if pooled else None,
        time_ids=_time_ids(len(timesteps), resolution) if pooled else None,
    )


def _time_ids(rows: int, resolution: int) -> FloatArray:
    """Original size, crop's upper left corner and target size (https://arxiv.org/abs/2307.01952)."""
    size, corner = (resolution, resolution), (0, 0)
    return np.tile(np.array([*size, *corner, *size], np.float32), (rows, 1))  # (rows, 6)


def split_rows(
    images: Sequence[LiveImage], predictions: FloatArray
) -> Iterator[tuple[LiveImage, FloatArray]]:
    """Each image with its rows of the UNet's output.

    Raises:
        ValueError: there are more or fewer rows than were asked for.
    """
    ends = np.cumsum([image.rows for image in images])
    if len(predictions) != ends[-1]:
        raise ValueError(f"the UNet gave {len(predictions)} rows for {ends[-1]}")
    parts = np.split(np.asarray(predictions, np.float32), ends[:-1])
    return zip(images, parts, strict=True)
