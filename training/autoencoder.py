"""The first stage: the autoencoder, trained to give pictures back.

Where its encoder is frozen, the decoder alone: what a UNet knows of latents stays true.
"""

import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import torch
from diffusers import AutoencoderTiny
from torch import Tensor, nn

from training.gradients import mean_gradients
from training.progress import Progress
from training.recipe import Recipe
from training.runs import Run, autocast
from training.supply import CROPS_PER_SCENE, crop_batches, to_model_range

_WARM_UP_STEPS = 100
_EDGE_WEIGHT = 0.3


def train_autoencoder(autoencoder: AutoencoderTiny, recipe: Recipe, run: Run) -> None:
    """Train in place what is not frozen, from the run's last checkpoint if it has one."""
    plan = recipe.autoencoder
    optimiser = torch.optim.AdamW(
        _trained(autoencoder), plan.learning_rate, betas=(0.9, 0.99), weight_decay=0.0
    )
    first = run.resume("autoencoder", {"model": autoencoder, "optimiser": optimiser})
    scenes = plan.parts * plan.crops // CROPS_PER_SCENE
    batches = crop_batches(
        recipe.seed, first * scenes, scenes, plan.steps - first, recipe.drawing_processes
    )
    progress = Progress("autoencoder", plan.steps, plan.parts * plan.crops)
    with run.threads() as pool:
        for step in range(first, plan.steps):
            for group in optimiser.param_groups:
                group["lr"] = plan.learning_rate * _rate(step, plan.steps)
            loss = _step(autoencoder, optimiser, batches, plan.parts, pool, run.device)
            progress.report(step, loss)
            run.keep("autoencoder", step + 1, plan.steps)


def _trained(autoencoder: AutoencoderTiny) -> list[nn.Parameter]:
    return [parameter for parameter in autoencoder.parameters() if parameter.requires_grad]


def _rate(step: int, steps: int) -> float:
    return min(1, (step + 1) / _WARM_UP_STEPS) * (0.5 + 0.5 * math.cos(math.pi * step / steps))


def _step(
    autoencoder: AutoencoderTiny,
    optimiser: torch.optim.Optimizer,
    batches: Iterator[Tensor],
    parts: int,
    pool: ThreadPoolExecutor,
    device: torch.device,
) -> float:
    pictures = to_model_range(next(batches).to(device)).chunk(parts)

    def loss_of(part: int) -> Tensor:
        with autocast(device):
            latents = autoencoder.encode(pictures[part]).latents
            decoded = autoencoder.decode(latents).sample
        return reconstruction_loss(decoded.float(), pictures[part])

    loss = mean_gradients(loss_of, parts, _trained(autoencoder), pool)
    nn.utils.clip_grad_norm_(_trained(autoencoder), 1.0)
    optimiser.step()
    return loss


def reconstruction_loss(decoded: Tensor, picture: Tensor) -> Tensor:
    """Absolute and squared error of the pixels and absolute error of their gradients."""
    error = decoded - picture  # (B, 3, H, W)
    across, down = error.diff(dim=3).abs().mean(), error.diff(dim=2).abs().mean()
    return error.abs().mean() + 2 * error.square().mean() + _EDGE_WEIGHT * (across + down)
