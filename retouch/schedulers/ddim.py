"""DDIM without noise (eta = 0): https://arxiv.org/abs/2010.02502."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from retouch.schedulers.alphas import (
    Alphas,
    AlphaTrajectory,
    clipped,
    refuse_noise_prediction_at_zero_snr,
)
from retouch.schedulers.noise_schedule import FloatArray, NoiseScheduleOptions, cumulative_alphas
from retouch.schedulers.options import read_options
from retouch.schedulers.prediction import PredictionType, clean_estimate, noise_estimate
from retouch.schedulers.spacing import TimestepSpacing, first_step, spaced_timesteps
from retouch.schedulers.trajectory import Scheduler, Step


@dataclass(frozen=True)
class DDIMOptions(NoiseScheduleOptions):
    """The options of diffusers' `DDIMScheduler`."""

    clip_sample: bool = True
    clip_sample_range: float = 1.0
    set_alpha_to_one: bool = True
    steps_offset: int = 0
    prediction_type: PredictionType = "epsilon"
    timestep_spacing: TimestepSpacing = "leading"
    rescale_betas_zero_snr: bool = False
    thresholding: Literal[False] = False
    dynamic_thresholding_ratio: object = None  # of thresholding
    sample_max_value: object = None  # of thresholding


class DDIMScheduler(Scheduler):
    """Makes DDIM trajectories."""

    def __init__(self, config: Mapping[str, object]) -> None:
        self.options = options = read_options(DDIMOptions, "DDIMScheduler", config)
        zero_snr = options.rescale_betas_zero_snr
        refuse_noise_prediction_at_zero_snr(
            "DDIMScheduler", options.prediction_type, zero_snr=zero_snr
        )
        self.alphas = Alphas(
            cumulative_alphas(options, zero_snr=zero_snr), final_is_one=options.set_alpha_to_one
        )

    def trajectory(self, steps: int, strength: float = 1.0) -> "DDIMTrajectory":
        """See `Scheduler.trajectory`."""
        return DDIMTrajectory(self, steps, strength)


class DDIMTrajectory(AlphaTrajectory):
    """One image's DDIM steps."""

    def __init__(self, scheduler: DDIMScheduler, steps: int, strength: float) -> None:
        options = scheduler.options
        train = options.num_train_timesteps
        timesteps = spaced_timesteps(options.timestep_spacing, steps, train, options.steps_offset)
        super().__init__(np.round(timesteps).tolist(), first_step(steps, strength))
        self._alphas = scheduler.alphas
        self._options = options
        self._stride = train // steps

    def _advance(
        self, prediction: FloatArray, latents: FloatArray, _generator: np.random.Generator
    ) -> Step:
        """Equation 12 of the paper; a clipped clean estimate does not change the noise estimate."""
        kind, level = self._options.prediction_type, self._level(self._index)
        following = self._alphas.level(self.timestep - self._stride)
        noise = noise_estimate(kind, prediction, latents, level)
        limit = self._options.clip_sample_range if self._options.clip_sample else None
        clean = clipped(clean_estimate(kind, prediction, latents, level), limit)
        return Step(following.signal * clean + following.noise * noise, clean)
