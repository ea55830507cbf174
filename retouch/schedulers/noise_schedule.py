"""How much of the image is left at each training timestep: a checkpoint's cumulative alphas."""

import math
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]

BetaSchedule = Literal["linear", "scaled_linear", "squaredcos_cap_v2"]
MAX_BETA = 0.999


@dataclass(frozen=True)
class NoiseScheduleOptions:
    """The options that all scheduler classes share, with diffusers' defaults."""

    num_train_timesteps: int = 1000
    beta_start: float = 0.0001
    beta_end: float = 0.02
    beta_schedule: BetaSchedule = "linear"
    trained_betas: list[float] | None = None


class Level(NamedTuple):
    """A noise level: noisy = signal * clean + noise * standard normal."""

    signal: float
    noise: float


def cumulative_alphas(options: NoiseScheduleOptions, *, zero_snr: bool = False) -> FloatArray:
    """The cumulative product of 1 - beta over the training timesteps, (num_train_timesteps,).

    Args:
        options: the checkpoint's noise schedule.
        zero_snr: rescale so that nothing of the image is left at the last timestep
            (https://arxiv.org/abs/2305.08891, algorithm 1).
    """
    alphas = np.float32(1) - _betas(options)
    cumulative = np.cumprod(alphas, dtype=np.float64).astype(np.float32)
    return _rescaled_to_zero_snr(cumulative) if zero_snr else cumulative


def level_of(cumulative_alpha: float) -> Level:
    """The noise level of a cumulative alpha, which is variance preserving."""
    return Level(math.sqrt(cumulative_alpha), math.sqrt(1 - cumulative_alpha))


def _betas(options: NoiseScheduleOptions) -> FloatArray:
    """The variance of the noise that each training timestep adds, (num_train_timesteps,)."""
    if options.trained_betas is not None:
        return np.asarray(options.trained_betas, np.float32)
    start, end, count = options.beta_start, options.beta_end, options.num_train_timesteps
    if options.beta_schedule == "squaredcos_cap_v2":
        return _cosine_betas(count)
    if options.beta_schedule == "scaled_linear":
        return np.square(np.linspace(math.sqrt(start), math.sqrt(end), count, dtype=np.float32))
    return np.linspace(start, end, count, dtype=np.float32)


def _cosine_betas(count: int) -> FloatArray:
    """The cosine schedule of https://arxiv.org/abs/2102.09672, equation 17."""
    times = np.arange(count + 1) / count
    remaining = np.cos((times + 0.008) / 1.008 * math.pi / 2) ** 2
    betas: FloatArray = np.minimum(1 - remaining[1:] / remaining[:-1], MAX_BETA).astype(np.float32)
    return betas


def _rescaled_to_zero_snr(cumulative: FloatArray) -> FloatArray:
    """Shifts and scales the signal so that its first value stays and its last is 0."""
    signal = np.sqrt(cumulative)
    first, last = signal[0], signal[-1]
    rescaled: FloatArray = np.square((signal - last) * (first / (first - last)))
    return rescaled
