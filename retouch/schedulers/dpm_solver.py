"""DPM-Solver++ in its multistep form of order 1 or 2: https://arxiv.org/abs/2211.01095."""

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
from retouch.schedulers.spacing import (
    Timesteps,
    TimestepSpacing,
    checked_timesteps,
    first_step,
)
from retouch.schedulers.trajectory import Scheduler, Step, Trajectory

FEW_STEPS = 15  # below, `lower_order_final` makes the last step one of first order


@dataclass(frozen=True)
class DPMSolverOptions(NoiseScheduleOptions):
    """The options of diffusers' `DPMSolverMultistepScheduler`."""

    solver_order: Literal[1, 2] = 2
    prediction_type: PredictionType = "epsilon"
    algorithm_type: Literal["dpmsolver++"] = "dpmsolver++"
    solver_type: Literal["midpoint", "heun"] = "midpoint"
    lower_order_final: bool = True
    euler_at_final: bool = False
    use_karras_sigmas: bool = False
    use_exponential_sigmas: bool = False
    use_beta_sigmas: Literal[False] = False
    use_lu_lambdas: Literal[False] = False
    use_flow_sigmas: Literal[False] = False
    flow_shift: object = None  # of flow sigmas
    use_dynamic_shifting: Literal[False] = False
    time_shift_type: object = None  # of dynamic shifting
    final_sigmas_type: FinalSigmas = "zero"
    lambda_min_clipped: float = -math.inf
    variance_type: None = None  # a UNet that predicts the variance too
    timestep_spacing: TimestepSpacing = "linspace"
    steps_offset: int = 0
    rescale_betas_zero_snr: bool = False
    thresholding: Literal[False] = False
    dynamic_thresholding_ratio: object = None  # of thresholding
    sample_max_value: object = None  # of thresholding


class DPMSolverMultistepScheduler(Scheduler):
    """Makes DPM-Solver++ trajectories."""

    def __init__(self, config: Mapping[str, object]) -> None:
        self.options = read_options(DPMSolverOptions, "DPMSolverMultistepScheduler", config)
        zero_snr = self.options.rescale_betas_zero_snr
        alphas = cumulative_alphas(self.options, zero_snr=zero_snr)
        self._train_sigmas = sigmas_of(alphas, zero_snr=zero_snr)

    def trajectory(self, steps: int, strength: float = 1.0) -> "DPMSolverTrajectory":
        """See `Scheduler.trajectory`."""
        if self.options.use_karras_sigmas or self.options.use_exponential_sigmas:
            sigmas = self._respaced_sigmas(steps)
            timesteps = self._whole_timesteps(sigmas)
        else:
            timesteps = self._spaced_timesteps(steps)
            sigmas = self._train_sigmas[timesteps.astype(int)]
        sigmas = with_final_sigma(sigmas, self.options.final_sigmas_type, self._train_sigmas)
        if not np.all(np.diff(sigmas) < 0):  # the multistep formula divides by their distance
            raise ValueError(f"{steps} steps are more than the model's scheduler can make")
        return DPMSolverTrajectory(self.options, timesteps, sigmas, first_step(steps, strength))

    def _respaced_sigmas(self, steps: int) -> Sigmas:
        """Sigmas over the whole training range, (steps,)."""
        space = karras_sigmas if self.options.use_karras_sigmas else exponential_sigmas
        return space(self._train_sigmas[-1], self._train_sigmas[0], steps)

    def _whole_timesteps(self, sigmas: Sigmas) -> Timesteps:
        """The timesteps of respaced sigmas, rounded or cut as diffusers does."""
        timesteps = timesteps_of(sigmas, self._train_sigmas)
        cosine = self.options.beta_schedule == "squaredcos_cap_v2"
        rounds = self.options.use_karras_sigmas and not cosine
        return np.round(timesteps) if rounds else np.floor(timesteps)

    def _spaced_timesteps(self, steps: int) -> Timesteps:
        """Timesteps as in `spacing`, but the finished image counts as one of the points."""
        options, train = self.options, self.options.num_train_timesteps
        usable = self._usable_timesteps()
        if options.timestep_spacing == "linspace":
            timesteps = np.round(np.linspace(0, usable - 1, steps + 1)[:0:-1])
        elif options.timestep_spacing == "leading":
            stride = float(usable // (steps + 1))
            timesteps = np.arange(1, steps + 1)[::-1] * stride + options.steps_offset
        else:
            points = usable - np.arange(steps) * (train / steps)
            timesteps = np.round(points[points > 0]) - 1
        return checked_timesteps(timesteps, steps, train)

    def _usable_timesteps(self) -> int:
        """How many training timesteps have a log signal / noise of `lambda_min_clipped` or more."""
        return int(np.sum(-np.log(self._train_sigmas) >= self.options.lambda_min_clipped))


class DPMSolverTrajectory(Trajectory):
    """One image's DPM-Solver++ steps; its latents are variance preserving."""

    def __init__(
        self, options: DPMSolverOptions, timesteps: Timesteps, sigmas: Sigmas, start: int
    ) -> None:
        """Stands at step `start`.

        Args:
            options: the scheduler's.
            timesteps: (steps,).
            sigmas: the noise / signal at each timestep and at the end, (steps + 1,).
            start: how many steps the strength skips.
        """
        super().__init__(timesteps.tolist(), start)
        self._options = options
        self._sigmas: list[float] = sigmas.tolist()
        self._previous_clean: FloatArray | None = None

    def _level(self, index: int) -> Level:
        signal = 1 / math.sqrt(self._sigmas[index] ** 2 + 1)
        return Level(signal, self._sigmas[index] * signal)

    def _advance(
        self, prediction: FloatArray, latents: FloatArray, _generator: np.random.Generator
    ) -> Step:
        """Algorithm 2 of the paper; its first-order form is DDIM."""
        level, following = self._level(self._index), self._level(self._index + 1)
        clean = clean_estimate(self._options.prediction_type, prediction, latents, level)
        shrinkage = self._sigmas[self._index + 1] / self._sigmas[self._index]  # exp(-h)
        moved = (following.noise / level.noise) * latents
        moved = moved + following.signal * (1 - shrinkage) * clean
        if self._previous_clean is not None and not self._is_first_order():
            moved = moved + following.signal * self._second_order(clean, self._previous_clean)
        self._previous_clean = clean
        return Step(moved, clean)

    def _second_order(self, clean: FloatArray, previous: FloatArray) -> FloatArray:
        """What the change of the clean estimate since the previous step adds."""
        before, present, following = self._sigmas[self._index - 1 : self._index + 2]
        h, h_before = math.log(present / following), math.log(before / present)
        shrinkage = following / present
        if self._options.solver_type == "midpoint":
            weight = 0.5 * (1 - shrinkage)
        else:
            weight = (shrinkage - 1) / h + 1
        return (weight * h / h_before) * (clean - previous)

    def _is_first_order(self) -> bool:
        """Whether the options ask for first order at this position."""
        options, steps = self._options, len(self._timesteps)
        few = options.lower_order_final and steps < FEW_STEPS
        at_final = options.euler_at_final or few or options.final_sigmas_type == "zero"
        return options.solver_order == 1 or (at_final and self._index == steps - 1)
