"""Latent consistency models: https://arxiv.org/abs/2310.04378."""

import math
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
from retouch.schedulers.noise_schedule import (
    BetaSchedule,
    FloatArray,
    NoiseScheduleOptions,
    cumulative_alphas,
)
from retouch.schedulers.options import read_options
from retouch.schedulers.prediction import PredictionType, clean_estimate
from retouch.schedulers.spacing import first_step
from retouch.schedulers.trajectory import Scheduler, Step, standard_normal_like

DATA_SIGMA = 0.5  # the standard deviation that the boundary condition assumes of the data


@dataclass(frozen=True)
class LCMOptions(NoiseScheduleOptions):
    """The options of diffusers' `LCMScheduler`."""

    beta_start: float = 0.00085
    beta_end: float = 0.012
    beta_schedule: BetaSchedule = "scaled_linear"
    original_inference_steps: int = 50
    clip_sample: bool = False
    clip_sample_range: float = 1.0
    prediction_type: PredictionType = "epsilon"
    timestep_scaling: float = 10.0
    rescale_betas_zero_snr: bool = False
    thresholding: Literal[False] = False
    dynamic_thresholding_ratio: object = None  # of thresholding
    sample_max_value: object = None  # of thresholding
    # Without effect in diffusers too: the timesteps are a subset of those of the distillation.
    timestep_spacing: object = None
    steps_offset: object = None
    set_alpha_to_one: object = None


class LCMScheduler(Scheduler):
    """Makes consistency sampling trajectories."""

    def __init__(self, config: Mapping[str, object]) -> None:
        self.options = options = read_options(LCMOptions, "LCMScheduler", config)
        zero_snr = options.rescale_betas_zero_snr
        refuse_noise_prediction_at_zero_snr(
            "LCMScheduler", options.prediction_type, zero_snr=zero_snr
        )
        self.alphas = Alphas(cumulative_alphas(options, zero_snr=zero_snr), final_is_one=True)

    def trajectory(self, steps: int, strength: float = 1.0) -> "LCMTrajectory":
        """See `Scheduler.trajectory`."""
        return LCMTrajectory(self, steps, strength)


class LCMTrajectory(AlphaTrajectory):
    """One image's steps: jump to the clean estimate, then add new noise for the next timestep."""

    def __init__(self, scheduler: LCMScheduler, steps: int, strength: float) -> None:
        super().__init__(distilled_timesteps(scheduler.options, steps), first_step(steps, strength))
        self._alphas = scheduler.alphas
        self._options = scheduler.options

    def _advance(
        self, prediction: FloatArray, latents: FloatArray, generator: np.random.Generator
    ) -> Step:
        clean = self._consistent(prediction, latents)
        if self._index == len(self._timesteps) - 1:
            return Step(clean, clean)
        following = self._level(self._index + 1)
        noise = standard_normal_like(latents, generator)
        return Step(following.signal * clean + following.noise * noise, clean)

    def _consistent(self, prediction: FloatArray, latents: FloatArray) -> FloatArray:
        """The consistency function, equation 9 of the paper with its boundary condition."""
        options, scaled = self._options, self.timestep * self._options.timestep_scaling
        skip = DATA_SIGMA**2 / (scaled**2 + DATA_SIGMA**2)
        out = scaled / math.sqrt(scaled**2 + DATA_SIGMA**2)
        level = self._level(self._index)
        clean = clean_estimate(options.prediction_type, prediction, latents, level)
        limit = options.clip_sample_range if options.clip_sample else None
        return out * clipped(clean, limit) + skip * latents


def distilled_timesteps(options: LCMOptions, steps: int) -> list[float]:
    """Descending timesteps, evenly picked from those that the model was distilled with.

    Raises:
        ValueError: there are not so many.
    """
    distilled = options.original_inference_steps
    if steps > distilled:
        raise ValueError(
            f"{steps} steps are more than the {distilled} the model was distilled with"
        )
    stride = options.num_train_timesteps // distilled
    picks = np.floor(np.linspace(0, distilled, steps, endpoint=False)).astype(int)
    timesteps: list[float] = ((distilled - picks) * float(stride) - 1).tolist()
    return timesteps
