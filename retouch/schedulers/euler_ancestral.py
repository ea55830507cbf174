"""Ancestral sampling with Euler steps (k-diffusion's "Euler a")."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from retouch.schedulers.euler import EulerOptions, EulerTrajectory, TrainedSigmas
from retouch.schedulers.noise_schedule import FloatArray
from retouch.schedulers.options import read_options
from retouch.schedulers.spacing import first_step
from retouch.schedulers.trajectory import Scheduler, Step, standard_normal_like


@dataclass(frozen=True)
class EulerAncestralOptions(EulerOptions):
    """The options of diffusers' `EulerAncestralDiscreteScheduler`."""

    prediction_type: Literal["epsilon", "v_prediction"] = "epsilon"


class EulerAncestralDiscreteScheduler(Scheduler):
    """Makes ancestral Euler trajectories."""

    def __init__(self, config: Mapping[str, object]) -> None:
        name = "EulerAncestralDiscreteScheduler"
        self.options = read_options(EulerAncestralOptions, name, config)
        self._trained = TrainedSigmas(self.options)

    def trajectory(self, steps: int, strength: float = 1.0) -> "EulerAncestralTrajectory":
        """See `Scheduler.trajectory`."""
        timesteps, sigmas = self._trained.spaced(steps)
        start = first_step(steps, strength)
        return EulerAncestralTrajectory(self.options, timesteps, np.append(sigmas, 0.0), start)


class EulerAncestralTrajectory(EulerTrajectory):
    """One image's ancestral steps: a longer step down, then new noise up to the next sigma."""

    def _advance(
        self, prediction: FloatArray, latents: FloatArray, generator: np.random.Generator
    ) -> Step:
        clean = self._clean(prediction, latents)
        present, following = self._sigmas[self._index : self._index + 2]
        up = math.sqrt(following**2 * (present**2 - following**2)) / present
        moved = self._moved(latents, clean, math.sqrt(following**2 - up**2))
        if up > 0:
            moved = moved + up * standard_normal_like(latents, generator)
        return Step(moved, clean)
