"""Many images -> the inputs of one UNet call, and back."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import numpy as np

from retouch.denoise.live_image import LiveImage
from retouch.denoise.seam import UNetOutputs, UNetRows
from retouch.schedulers import FloatArray


class Batch:
    """Images that share a UNet call until one joins, leaves or needs another kind of call.

    What is the same at every step is stacked once: at 32 rows of Stable Diffusion 1.5 it is 8 MB.
    """

    def __init__(self, images: Sequence[LiveImage], resolution: int) -> None:
        """Stacks nothing yet.

        Args:
            images: whose prompts have equally many chunks, and with features all or none.
            resolution: the window's side in pixels.
        """
        self.images = images
        self._resolution = resolution

    def rows(self) -> UNetRows:
        """The next step's rows, each image's next to each other; good until the next call."""
        rows = self._rows
        for image, own in zip(self.images, self._slices, strict=True):
            latents = image.scaled_latents()
            rows.latents[own, : len(latents)] = latents
            rows.timestep[own] = image.timestep
        return rows

    @cached_property
    def _slices(self) -> list[slice]:
        """Each image's rows."""
        ends = np.cumsum([image.rows for image in self.images]).tolist()
        return [slice(end - i.rows, end) for i, end in zip(self.images, ends, strict=True)]

    @cached_property
    def _rows(self) -> UNetRows:
        """The rows with what never changes."""
        embeddings = np.concatenate([image.embeddings for image in self.images])
        pooled = [image.pooled for image in self.images if image.pooled is not None]
        features = [image.features for image in self.images if image.features is not None]
        return UNetRows(
            latents=self._latents(len(embeddings)),
            timestep=np.empty((len(embeddings), 1), np.float32),
            embeddings=embeddings,
            pooled=np.concatenate(pooled) if pooled else None,
            time_ids=_time_ids(len(embeddings), self._resolution) if pooled else None,
            features=np.concatenate(features) if features else None,
        )

    def _latents(self, rows: int) -> FloatArray:
        """(rows, unet_channels, h, w), filled behind the latents: of inpainting UNets."""
        channels, *sides = self.images[0].unet_shape
        latents = np.empty((rows, channels, *sides), np.float32)
        for image, own in zip(self.images, self._slices, strict=True):
            masked = image.conditioning.masked_latents
            if masked is not None:
                given = np.concatenate([image.conditioning.mask, masked])  # (C + 1, h, w)
                latents[own, -len(given) :] = given
        return latents


def batches(images: Iterable[LiveImage], resolution: int) -> list[Batch]:
    """Puts together the images that fit into one call.

    Their prompts have equally many chunks, and all of them have features or none has.

    Args:
        images: all that are in flight.
        resolution: the window's side in pixels.
    """
    groups: dict[tuple[int, bool], list[LiveImage]] = {}
    for image in images:
        tokens = image.conditioning.embeddings.shape[1]
        groups.setdefault((tokens, image.features is None), []).append(image)
    return [Batch(group, resolution) for group in groups.values()]


def _time_ids(rows: int, resolution: int) -> FloatArray:
    """Original size, crop's upper left corner and target size (https://arxiv.org/abs/2307.01952)."""
    size, corner = (resolution, resolution), (0, 0)
    return np.tile(np.array([*size, *corner, *size], np.float32), (rows, 1))  # (rows, 6)


def split_rows(
    images: Sequence[LiveImage], outputs: UNetOutputs
) -> Iterator[tuple[LiveImage, UNetOutputs]]:
    """Each image with its rows of the UNet's outputs.

    Raises:
        ValueError: there are more or fewer rows than were asked for.
    """
    ends = np.cumsum([image.rows for image in images])
    for tensor in outputs:
        if tensor is not None and len(tensor) != ends[-1]:
            raise ValueError(f"the UNet gave {len(tensor)} rows for {ends[-1]}")
    predictions = np.split(np.asarray(outputs.prediction, np.float32), ends[:-1])
    features: list[FloatArray | None] = [None] * len(images)
    if outputs.features is not None:
        features = list(np.split(outputs.features, ends[:-1]))
    return zip(images, map(UNetOutputs, predictions, features), strict=True)
