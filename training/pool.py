"""Encoded scenes, each used a few times, since drawing and encoding costs as much as training."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from diffusers import AutoencoderTiny
from torch import Tensor

from training.runs import autocast
from training.supply import Example, to_model_range

_CAPACITY = 1024


@dataclass(frozen=True)
class Encoded:
    """Scenes as the denoiser is trained on them, all on the training device."""

    latents: Tensor  # (B, 4, h, w)
    masked: Tensor  # (B, 4, h, w), of the picture with its hole set to mid grey
    hole: Tensor  # (B, 1, h, w), 1 = repaint
    tokens: Tensor  # (B, 77)

    def at(self, rows: Tensor | slice) -> "Encoded":
        """Some of the rows."""
        return Encoded(self.latents[rows], self.masked[rows], self.hole[rows], self.tokens[rows])


@torch.no_grad()
def encode(batch: Example, autoencoder: AutoencoderTiny, device: torch.device) -> Encoded:
    """Encode examples as the pipeline does: scaled latents, hole set to 0 in [-1, 1]."""
    image = to_model_range(batch["image"].to(device))
    hole = batch["hole"].to(device)
    factor = image.shape[-1] // hole.shape[-1]
    pixels = hole.repeat_interleave(factor, 2).repeat_interleave(factor, 3)
    latents = _latents(image, autoencoder)
    masked = _latents(image * (1 - pixels), autoencoder)
    return Encoded(latents, masked, hole, batch["tokens"].to(device))


def _latents(pictures: Tensor, autoencoder: AutoencoderTiny) -> Tensor:
    """Scaled latents; few pictures at a time on a CPU, so that they stay in its caches."""
    at_once = 2 if pictures.device.type == "cpu" else len(pictures)
    with autocast(pictures.device):
        parts = [autoencoder.encode(part).latents for part in torch.split(pictures, at_once)]
    return torch.cat(parts).float() * float(autoencoder.config.scaling_factor)


class Pool:
    """The latest encoded scenes.

    Args:
        fresh: batches of new ones, all of one size.
        reuse: how often each is drawn on the average.
    """

    def __init__(self, fresh: Iterator[Encoded], reuse: int) -> None:
        self._fresh, self._reuse = fresh, reuse
        self._batches: list[Encoded] = []
        self._draws = 0

    def draw(self, count: int, generator: torch.Generator) -> Encoded:
        """`count` random ones, after taking in a new batch when it is time for one."""
        if self._draws % self._reuse == 0:
            self._take_in()
        self._draws += 1
        size = len(self._batches[0].hole)
        chosen = torch.randint(0, len(self._batches) * size, (count,), generator=generator)
        rows = [
            self._batches[int(i) // size].at(slice(int(i) % size, int(i) % size + 1))
            for i in chosen
        ]
        return Encoded(
            torch.cat([row.latents for row in rows]),
            torch.cat([row.masked for row in rows]),
            torch.cat([row.hole for row in rows]),
            torch.cat([row.tokens for row in rows]),
        )

    def _take_in(self) -> None:
        self._batches.append(next(self._fresh))
        if len(self._batches) * len(self._batches[0].hole) > _CAPACITY:
            self._batches.pop(0)
