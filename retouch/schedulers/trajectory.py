"""The interface between the denoise loop and the schedulers.

A `Scheduler` is made once for a model and never changes. A `Trajectory` is one image's way from
noise to picture: everything that changes from step to step lives there, so images share no state.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from retouch.schedulers.noise_schedule import FloatArray, Level


class Step(NamedTuple):
    """The outcome of one step."""

    latents: FloatArray
    clean: FloatArray  # the present estimate of the finished latents, for previews


class Trajectory(ABC):
    """One image's steps; its position is an index into the whole (strength 1) trajectory."""

    def __init__(
        self, timesteps: Sequence[float], start: int, initial_noise_scale: float = 1.0
    ) -> None:
        """Stands at the first step.

        Args:
            timesteps: one for each UNet call of the whole trajectory.
            start: how many of them are skipped because of the strength.
            initial_noise_scale: what pure noise is multiplied by to start at strength 1.
        """
        self._timesteps = timesteps
        self._start = start
        self._index = start
        self.initial_noise_scale = initial_noise_scale

    @property
    def steps(self) -> int:
        """How many UNet calls the image takes in all."""
        return len(self._timesteps) - self._start

    @property
    def steps_done(self) -> int:
        """How many of them are done."""
        return self._index - self._start

    @property
    def timestep(self) -> float:
        """What the UNet's next call is told."""
        return float(self._timesteps[self._index])

    def scale_model_input(self, latents: FloatArray) -> FloatArray:
        """The latents as the UNet expects them at this position."""
        return latents

    def add_noise(self, clean: FloatArray, noise: FloatArray) -> FloatArray:
        """Clean latents with the noise that belongs to this position (not after the last step)."""
        level = self._level(self._index)
        return level.signal * clean + level.noise * noise

    def step(
        self, prediction: FloatArray, latents: FloatArray, generator: np.random.Generator
    ) -> Step:
        """Moves on by one step.

        Args:
            prediction: the UNet's output (after guidance), of the latents' shape.
            latents: those of this position, unscaled.
            generator: the image's own; only LCM and ancestral sampling draw from it.
        """
        outcome = self._advance(prediction, latents, generator)
        self._index += 1
        return outcome

    @abstractmethod
    def _level(self, index: int) -> Level:
        """The noise level at a position."""

    @abstractmethod
    def _advance(
        self, prediction: FloatArray, latents: FloatArray, generator: np.random.Generator
    ) -> Step:
        """The step from the present position to the next."""


class Scheduler(ABC):
    """A checkpoint's scheduler: immutable, shared by all images."""

    @abstractmethod
    def trajectory(self, steps: int, strength: float = 1.0) -> Trajectory:
        """A new image's trajectory.

        Args:
            steps: how many steps strength 1 takes, at least 1.
            strength: in (0, 1]; less than 1 skips the first steps, all but the last at most
                (diffusers' `get_timesteps` for image-to-image and inpainting).

        Raises:
            ValueError: the scheduler cannot make so many steps.
        """


def standard_normal_like(latents: FloatArray, generator: np.random.Generator) -> FloatArray:
    """Noise of the latents' shape."""
    return generator.standard_normal(latents.shape, dtype=np.float32)
