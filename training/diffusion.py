"""Noising, and the loss of a UNet that foretells the clean latents.

Predicting the latents themselves, not noise or velocity, asks of a small UNet only what it is there
for: no noise has to be carried through it to be taken off again, so a plain hole stays plain.
"""

from dataclasses import dataclass

import torch
from diffusers import DDIMScheduler
from torch import Tensor

# Layout is decided where there is most noise, and there is little of it in evenly drawn timesteps;
# every edit starts at the last timestep, where there is nothing but noise and the whole layout has
# to be foretold at once.
_HIGH_NOISE_SHARE = 0.2
_HIGH_NOISE_FROM = 600
_PURE_NOISE_SHARE = 0.4
_KNOWN_WEIGHT = 0.1
# Errors (of latents whose standard deviation is 1) well above it count by their size, not by its
# square: squares would be all about the few things that cannot be known, and not about a tint.
_HUBER_SCALE = 0.03


@dataclass(frozen=True)
class Noised:
    """What the UNet sees of latents."""

    latents: Tensor  # (B, C, h, w)
    timesteps: Tensor  # (B,)


def draw_timesteps(count: int, generator: torch.Generator) -> Tensor:
    """Timesteps (count,) of 0..999, some from the noisy end only, some the last one."""
    anywhere = torch.randint(0, 1000, (count,), generator=generator)
    noisy = torch.randint(_HIGH_NOISE_FROM, 1000, (count,), generator=generator)
    chosen = torch.rand(count, generator=generator)
    drawn = torch.where(chosen < _HIGH_NOISE_SHARE, noisy, anywhere)
    return torch.where(chosen > 1 - _PURE_NOISE_SHARE, 999, drawn)


def add_noise(latents: Tensor, scheduler: DDIMScheduler, generator: torch.Generator) -> Noised:
    """Noise latents at random timesteps; `generator` is one of the CPU."""
    timesteps = draw_timesteps(len(latents), generator).to(latents.device)
    noise = torch.randn(latents.shape, generator=generator).to(latents.device)
    noised = scheduler.add_noise(latents, noise, timesteps)
    return Noised(noised, timesteps)


def latents_loss(predicted: Tensor, latents: Tensor, hole: Tensor) -> Tensor:
    """Pseudo-Huber loss (Charbonnier et al. 1994), each example's hole weighing the same.

    Args:
        predicted: (B, C, h, w).
        latents: (B, C, h, w), the clean ones.
        hole: (B, 1, h, w), 1 = repaint.
    """
    error = (predicted.float() - latents).square().mean(1, keepdim=True)  # (B, 1, h, w)
    loss = (error + _HUBER_SCALE**2).sqrt() - _HUBER_SCALE
    weight = hole + _KNOWN_WEIGHT * (1 - hole)
    return ((loss * weight).sum((1, 2, 3)) / weight.sum((1, 2, 3))).mean()
