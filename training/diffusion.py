"""Noising and the velocity objective of Salimans & Ho 2022, "Progressive distillation"."""

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


@dataclass(frozen=True)
class Noised:
    """What the UNet sees of latents (B, C, h, w), and what it should say about them."""

    latents: Tensor  # (B, C, h, w)
    timesteps: Tensor  # (B,)
    velocity: Tensor  # (B, C, h, w)


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
    return Noised(noised, timesteps, scheduler.get_velocity(latents, noise, timesteps))


def velocity_loss(predicted: Tensor, velocity: Tensor, hole: Tensor) -> Tensor:
    """Mean squared error, each example's hole (B, 1, h, w) weighing as much whatever its size."""
    error = (predicted.float() - velocity).square().mean(1, keepdim=True)  # (B, 1, h, w)
    weight = hole + _KNOWN_WEIGHT * (1 - hole)
    return ((error * weight).sum((1, 2, 3)) / weight.sum((1, 2, 3))).mean()
