"""Gradients, noise, averages and the autoencoder's start."""

import math
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from torch import Tensor, nn

from training.autoencoder import reconstruction_loss
from training.averaging import MovingAverage
from training.diffusion import add_noise, draw_timesteps, latents_loss
from training.gradients import mean_gradients
from training.models import new_autoencoder, new_scheduler
from training.scenes import draw_scene
from training.supply import to_model_range


def test_the_parts_gradients_are_the_whole_batchs() -> None:
    layer, batch = nn.Linear(3, 1), torch.randn(8, 3)
    layer(batch).square().mean().backward()
    expected = [
        parameter.grad.clone() for parameter in layer.parameters() if parameter.grad is not None
    ]

    def loss_of(part: int) -> Tensor:
        loss: Tensor = layer(batch[part * 2 : part * 2 + 2]).square().mean()
        return loss

    with ThreadPoolExecutor(2) as pool:
        mean_gradients(loss_of, 4, list(layer.parameters()), pool)
    found = [parameter.grad for parameter in layer.parameters()]
    for one, other in zip(expected, found, strict=True):
        torch.testing.assert_close(one, other)


def test_the_last_timestep_is_pure_noise() -> None:
    latents, scheduler = torch.randn(1, 4, 8, 8), new_scheduler()
    last = torch.tensor([999])
    noise = torch.randn_like(latents)
    torch.testing.assert_close(scheduler.add_noise(latents, noise, last), noise)


def test_noise_depends_on_its_generator_alone() -> None:
    latents, scheduler = torch.randn(2, 4, 8, 8), new_scheduler()
    first = add_noise(latents, scheduler, torch.Generator().manual_seed(4))
    second = add_noise(latents, scheduler, torch.Generator().manual_seed(4))
    assert torch.equal(first.latents, second.latents)


def test_noisy_timesteps_come_more_often() -> None:
    timesteps = draw_timesteps(4000, torch.Generator().manual_seed(1))
    assert 0 <= timesteps.min() <= timesteps.max() <= 999
    assert (timesteps >= 600).float().mean() > 0.5


def test_a_small_hole_weighs_as_much_as_a_large_one() -> None:
    hole = torch.zeros(2, 1, 16, 16)
    hole[0, :, :2, :2], hole[1] = 1, 1
    loss = latents_loss(hole.repeat(1, 4, 1, 1), torch.zeros(2, 4, 16, 16), hole)
    inside = torch.tensor([4 / (4 + 0.1 * 252), 1.0])
    of_one = math.sqrt(1 + 0.03**2) - 0.03
    assert loss.item() == pytest.approx(of_one * inside.mean().item(), rel=1e-5)


def test_a_small_error_counts_by_its_size_and_not_by_its_square() -> None:
    hole, latents = torch.ones(1, 1, 4, 4), torch.zeros(1, 4, 4, 4)
    losses = [latents_loss(latents + size, latents, hole).item() for size in (0.2, 0.4)]
    assert losses[1] / losses[0] == pytest.approx(2, rel=0.1)


def test_an_average_follows_its_model() -> None:
    layer = nn.Linear(2, 2)
    average = MovingAverage({"layer": layer})
    with torch.no_grad():
        layer.weight.add_(1)
    for _ in range(200):
        average.update()
    torch.testing.assert_close(average.weights("layer")["weight"], layer.weight.data)


def test_the_autoencoder_begins_with_the_right_colours() -> None:
    torch.manual_seed(1)
    autoencoder = new_autoencoder()
    pixels = torch.from_numpy(draw_scene(1, 1, 128).image).permute(2, 0, 1)[None]
    picture = to_model_range(pixels)
    with torch.no_grad():
        decoded = autoencoder.decode(autoencoder.encode(picture).latents).sample
    assert (decoded - picture).abs().mean() < 0.15
    assert reconstruction_loss(picture, picture) == 0
