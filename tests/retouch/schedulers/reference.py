"""diffusers' own schedulers, driven as its inpainting pipelines drive them."""

from collections.abc import Callable, Mapping
from typing import Any

import diffusers
import numpy as np
import pytest
import torch
from diffusers.schedulers import scheduling_euler_ancestral_discrete, scheduling_lcm

from retouch.schedulers import FloatArray, Trajectory

SHAPE = (4, 8, 8)
Predictor = Callable[[int], FloatArray]
Run = tuple[list[float], list[FloatArray], list[FloatArray]]  # timesteps, inputs, latents


def random_predictor(seed: int) -> Predictor:
    """Step -> the same random prediction for both implementations."""
    return lambda step: np.random.default_rng([seed, step]).standard_normal(SHAPE, np.float32)


def draw_noise_from(generator: np.random.Generator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes diffusers' ancestral samplers draw from a NumPy generator."""

    def randn_tensor(shape: tuple[int, ...], **_: object) -> torch.Tensor:
        return torch.from_numpy(generator.standard_normal(shape, np.float32))

    for module in (scheduling_euler_ancestral_discrete, scheduling_lcm):
        monkeypatch.setattr(module, "randn_tensor", randn_tensor)


def reference_run(
    config: Mapping[str, object],
    steps: int,
    strength: float,
    clean: FloatArray,
    noise: FloatArray,
    predict: Predictor,
) -> Run:
    """The trajectory of diffusers' class."""
    scheduler: Any = getattr(diffusers, str(config["_class_name"])).from_config(dict(config))
    scheduler.set_timesteps(steps)
    start = steps - max(int(steps * strength), 1)
    timesteps = scheduler.timesteps[start:]
    if hasattr(scheduler, "set_begin_index"):
        scheduler.set_begin_index(start)
    latents = torch.from_numpy(noise)[None] * scheduler.init_noise_sigma
    if strength < 1:
        known = torch.from_numpy(clean)[None]
        latents = scheduler.add_noise(known, torch.from_numpy(noise)[None], timesteps[:1])
    inputs, states = [], [latents[0].numpy()]
    for step, timestep in enumerate(timesteps):
        inputs.append(scheduler.scale_model_input(latents, timestep)[0].numpy())
        prediction = torch.from_numpy(predict(step))[None]
        latents = scheduler.step(prediction, timestep, latents, return_dict=False)[0]
        states.append(latents[0].numpy())
    return [float(t) for t in timesteps], inputs, states


def own_run(
    trajectory: Trajectory,
    strength: float,
    clean: FloatArray,
    noise: FloatArray,
    predict: Predictor,
    generator: np.random.Generator,
) -> Run:
    """The trajectory of ours."""
    latents = noise * trajectory.initial_noise_scale
    if strength < 1:
        latents = trajectory.add_noise(clean, noise)
    timesteps, inputs, states = [], [], [latents]
    for step in range(trajectory.steps):
        timesteps.append(trajectory.timestep)
        inputs.append(trajectory.scale_model_input(latents))
        latents = trajectory.step(predict(step), latents, generator).latents
        states.append(latents)
    assert trajectory.steps_done == trajectory.steps
    return timesteps, inputs, states
