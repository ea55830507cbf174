"""PNDM with linear multistep only (PLMS): https://arxiv.org/abs/2202.09778."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from retouch.schedulers.alphas import Alphas, AlphaTrajectory
from retouch.schedulers.noise_schedule import (
    FloatArray,
    Level,
    NoiseScheduleOptions,
    cumulative_alphas,
)
from retouch.schedulers.options import UnsupportedOptionError, read_options
from retouch.schedulers.prediction import clean_estimate, noise_estimate
from retouch.schedulers.spacing import TimestepSpacing, first_step, spaced_timesteps
from retouch.schedulers.trajectory import Scheduler, Step

# Adams-Bashforth weights of the latest predictions, newest first, by how many there are.
ADAMS_BASHFORTH = {
    1: (1.0,),
    2: (3 / 2, -1 / 2),
    3: (23 / 12, -16 / 12, 5 / 12),
    4: (55 / 24, -59 / 24, 37 / 24, -9 / 24),
}


@dataclass(frozen=True)
class PNDMOptions(NoiseScheduleOptions):
    """The options of diffusers' `PNDMScheduler`."""

    skip_prk_steps: bool = False
    set_alpha_to_one: bool = False
    prediction_type: Literal["epsilon", "v_prediction"] = "epsilon"
    timestep_spacing: TimestepSpacing = "leading"
    steps_offset: int = 0


class PNDMScheduler(Scheduler):
    """Makes PLMS trajectories; each takes one UNet call more than it has steps."""

    def __init__(self, config: Mapping[str, object]) -> None:
        self.options = read_options(PNDMOptions, "PNDMScheduler", config)
        if not self.options.skip_prk_steps:
            why = "only the linear multistep method, without Runge-Kutta steps"
            raise UnsupportedOptionError("PNDMScheduler", "skip_prk_steps", value=False, why=why)
        self.alphas = Alphas(
            cumulative_alphas(self.options), final_is_one=self.options.set_alpha_to_one
        )

    def trajectory(self, steps: int, strength: float = 1.0) -> "PNDMTrajectory":
        """See `Scheduler.trajectory`."""
        return PNDMTrajectory(self, steps, strength)


class PNDMTrajectory(AlphaTrajectory):
    """One image's PLMS steps.

    The first step is made twice: the second UNet call looks at where the first one led, and the
    step is repeated from its start with the mean of both predictions. As in diffusers this also
    holds where a strength below 1 starts in the middle, and the timesteps are not shifted for it.
    """

    def __init__(self, scheduler: PNDMScheduler, steps: int, strength: float) -> None:
        options = scheduler.options
        train = options.num_train_timesteps
        spaced = spaced_timesteps(options.timestep_spacing, steps, train, options.steps_offset)
        timesteps = np.round(spaced).tolist()
        super().__init__(timesteps[:2] + timesteps[1:], first_step(steps, strength))
        self._alphas = scheduler.alphas
        self._kind = options.prediction_type
        self._stride = train // steps
        self._predictions: list[FloatArray] = []  # newest first
        self._first_latents: FloatArray | None = None

    def _advance(
        self, prediction: FloatArray, latents: FloatArray, _generator: np.random.Generator
    ) -> Step:
        clean = clean_estimate(self._kind, prediction, latents, self._level(self._index))
        timestep = self.timestep
        if self._first_latents is not None:
            timestep, latents = timestep + self._stride, self._first_latents
            prediction = (prediction + self._predictions[0]) / 2
            self._first_latents = None
        else:
            self._first_latents = latents if self.steps_done == 0 else None
            prediction = self._multistep(prediction)
        level, following = (self._alphas.level(t) for t in (timestep, timestep - self._stride))
        noise = noise_estimate(self._kind, prediction, latents, level)
        return Step(_transferred(latents, noise, level, following), clean)

    def _multistep(self, prediction: FloatArray) -> FloatArray:
        """Remembers the prediction and combines it with up to three earlier ones."""
        self._predictions = [prediction, *self._predictions[:3]]
        weights = ADAMS_BASHFORTH[len(self._predictions)]
        weighted = [w * p for w, p in zip(weights, self._predictions, strict=True)]
        combined: FloatArray = np.sum(weighted, axis=0, dtype=np.float32)
        return combined


def _transferred(
    latents: FloatArray, noise: FloatArray, level: Level, following: Level
) -> FloatArray:
    """Latents moved from one noise level to another along a noise estimate (equation 11)."""
    change = following.signal**2 - level.signal**2
    spread = level.signal * following.noise + level.noise * following.signal
    shift = change / (level.signal * spread)
    return (following.signal / level.signal) * latents - shift * noise
