"""Euler's method on the probability-flow ODE: https://arxiv.org/abs/2206.00364."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from retouch.schedulers.noise_schedule import (
    FloatArray,
    Level,
    NoiseScheduleOptions,
    cumulative_alphas,
)
from retouch.schedulers.options import read_options
from retouch.schedulers.prediction import PredictionType, clean_estimate
from retouch.schedulers.sigmas import (
    FinalSigmas,
    Sigmas,
    exponential_sigmas,
    karras_sigmas,
    sigmas_of,
    timesteps_of,
    with_final_sigma,
)
from retouch.schedulers.spacing import Timesteps, TimestepSpacing, first_step, spaced_timesteps
from retouch.schedulers.trajectory import Scheduler, Step, Trajectory


@dataclass(frozen=True)
class EulerOptions(NoiseScheduleOptions):
    """The options that both Euler schedulers have."""

    prediction_type: PredictionType = "epsilon"
    timestep_spacing: TimestepSpacing = "linspace"
    steps_offset: int = 0
    rescale_betas_zero_snr: bool = False


@dataclass(frozen=True)
class EulerDiscreteOptions(EulerOptions):
    """The options of diffusers' `EulerDiscreteScheduler`."""

    interpolation_type: Literal["linear", "log_linear"] = "linear"
    use_karras_sigmas: bool = False
    use_exponential_sigmas: bool = False
    use_beta_sigmas: Literal[False] = False
    sigma_min: float | None = None
    sigma_max: float | None = None
    timestep_type: Literal["discrete"] = "discrete"
    final_sigmas_type: FinalSigmas = "zero"


class TrainedSigmas:
    """The sigmas of a checkpoint's training timesteps, for both Euler schedulers."""

    def __init__(self, options: EulerOptions) -> None:
        zero_snr = options.rescale_betas_zero_snr
        self.sigmas = sigmas_of(cumulative_alphas(options, zero_snr=zero_snr), zero_snr=zero_snr)
        self._options = options

    def spaced(self, steps: int) -> tuple[Timesteps, Sigmas]:
        """Timesteps by the scheduler's spacing and their sigmas, both (steps,)."""
        o = self._options
        timesteps = spaced_timesteps(
            o.timestep_spacing, steps, o.num_train_timesteps, o.steps_offset
        )
        return timesteps, np.interp(timesteps, np.arange(len(self.sigmas)), self.sigmas)


class EulerDiscreteScheduler(Scheduler):
    """Makes Euler trajectories."""

    def __init__(self, config: Mapping[str, object]) -> None:
        self.options = read_options(EulerDiscreteOptions, "EulerDiscreteScheduler", config)
        self._trained = TrainedSigmas(self.options)

    def trajectory(self, steps: int, strength: float = 1.0) -> "EulerTrajectory":
        """See `Scheduler.trajectory`."""
        timesteps, sigmas = self._trained.spaced(steps)
        trained = self._trained.sigmas
        if self.options.interpolation_type == "log_linear":  # ends at a sigma of its own
            sigmas = exponential_sigmas(trained[-1], trained[0], steps + 1)
        if self.options.use_karras_sigmas or self.options.use_exponential_sigmas:
            sigmas = self._respaced(sigmas, steps)
            timesteps = timesteps_of(sigmas, trained)
        sigmas = with_final_sigma(sigmas, self.options.final_sigmas_type, trained)
        return EulerTrajectory(self.options, timesteps, sigmas, first_step(steps, strength))

    def _respaced(self, sigmas: Sigmas, steps: int) -> Sigmas:
        """Sigmas between the same ends, or the configured ones, (steps,)."""
        options = self.options
        sigma_max = sigmas[0] if options.sigma_max is None else options.sigma_max
        sigma_min = sigmas[-1] if options.sigma_min is None else options.sigma_min
        space = karras_sigmas if options.use_karras_sigmas else exponential_sigmas
        return space(sigma_max, sigma_min, steps)


class EulerTrajectory(Trajectory):
    """One image's Euler steps; its latents are clean + sigma * noise."""

    def __init__(
        self, options: EulerOptions, timesteps: Timesteps, sigmas: Sigmas, start: int
    ) -> None:
        """Stands at step `start`.

        Args:
            options: the scheduler's.
            timesteps: (steps,).
            sigmas: the noise at each timestep and, behind them, at the end.
            start: how many steps the strength skips.
        """
        largest = float(sigmas.max())
        leading = options.timestep_spacing == "leading"
        scale = math.sqrt(largest**2 + 1) if leading else largest
        super().__init__(timesteps.tolist(), start, scale)
        self._sigmas: list[float] = sigmas.tolist()
        self._kind = options.prediction_type

    def scale_model_input(self, latents: FloatArray) -> FloatArray:
        """The latents with the variance that the UNet was trained with."""
        return latents / math.sqrt(self._sigmas[self._index] ** 2 + 1)

    def _level(self, index: int) -> Level:
        return Level(1.0, self._sigmas[index])

    def _clean(self, prediction: FloatArray, latents: FloatArray) -> FloatArray:
        """The clean estimate, by the formulas for variance-preserving latents."""
        sigma = self._sigmas[self._index]
        signal = 1 / math.sqrt(sigma**2 + 1)
        level = Level(signal, sigma * signal)
        return clean_estimate(self._kind, prediction, self.scale_model_input(latents), level)

    def _advance(
        self, prediction: FloatArray, latents: FloatArray, _generator: np.random.Generator
    ) -> Step:
        clean = self._clean(prediction, latents)
        return Step(self._moved(latents, clean, self._sigmas[self._index + 1]), clean)

    def _moved(self, latents: FloatArray, clean: FloatArray, sigma: float) -> FloatArray:
        """The point where the noise is `sigma` on the straight line to the clean estimate."""
        present = self._sigmas[self._index]
        return latents + ((sigma - present) / present) * (latents - clean)
