"""Encoded scenes, each used a few times, since drawing and encoding costs as much as training."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import torch
from diffusers import AutoencoderTiny
from torch import Tensor

from training.runs import autocast
from training.supply import Example, to_model_range

_CAPACITY_BATCHES = 32


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


def encode(
    batch: Example, autoencoder: AutoencoderTiny, device: torch.device, threads: ThreadPoolExecutor
) -> Encoded:
    """Encode examples as the pipeline does: scaled latents, hole set to 0 in [-1, 1]."""
    image = to_model_range(batch["image"].to(device))
    hole = batch["hole"].to(device)
    factor = image.shape[-1] // hole.shape[-1]
    pixels = hole.repeat_interleave(factor, 2).repeat_interleave(factor, 3)
    latents = _latents(torch.cat([image, image * (1 - pixels)]), autoencoder, threads)
    whole, masked = latents.chunk(2)
    return Encoded(whole, masked, hole, batch["tokens"].to(device))


def _latents(pictures: Tensor, autoencoder: AutoencoderTiny, threads: ThreadPoolExecutor) -> Tensor:
    """Scaled latents; few pictures at a time on a CPU, so that they stay in its caches."""
    at_once = 2 if pictures.device.type == "cpu" else len(pictures) // 2

    @torch.no_grad()
    def encoded(part: Tensor) -> Tensor:
        with autocast(part.device):
            laid_out = part.contiguous(memory_format=torch.channels_last)
            latents: Tensor = autoencoder.encode(laid_out).latents
        return latents

    parts = list(threads.map(encoded, torch.split(pictures, at_once)))
    return torch.cat(parts).float() * float(autoencoder.config.scaling_factor)


class Pool:
    """The latest encoded scenes.

    Args:
        fresh: batches of new ones, all of one size.
        reuse: how often each is drawn on the average.
    """

    def __init__(self, fresh: Iterator[Encoded], reuse: int) -> None:
        self._fresh, self._reuse = fresh, reuse
        self._stock: Encoded | None = None
        self._draws = 0

    def draw(self, count: int, generator: torch.Generator) -> Encoded:
        """`count` random ones, after taking in a new batch when it is time for one."""
        if self._stock is None or self._draws % self._reuse == 0:
            self._stock = _join(self._stock, next(self._fresh))
        self._draws += 1
        return self._stock.at(
            torch.randint(0, len(self._stock.hole), (count,), generator=generator)
        )


def _join(stock: Encoded | None, fresh: Encoded) -> Encoded:
    """The stock without what is too old, and a new batch."""
    if stock is None:
        return fresh
    kept = stock.at(slice(-(_CAPACITY_BATCHES - 1) * len(fresh.hole), None))
    return Encoded(
        torch.cat([kept.latents, fresh.latents]),
        torch.cat([kept.masked, fresh.masked]),
        torch.cat([kept.hole, fresh.hole]),
        torch.cat([kept.tokens, fresh.tokens]),
    )
