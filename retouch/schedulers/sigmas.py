"""Noise levels as sigma = noise / signal, and the ways to space them."""

import math
from typing import Literal

import numpy as np
import numpy.typing as npt

from retouch.schedulers.noise_schedule import FloatArray

Sigmas = npt.NDArray[np.float64]
FinalSigmas = Literal["zero", "sigma_min"]

KARRAS_RHO = 7.0  # https://arxiv.org/abs/2206.00364, section 3
# The smallest positive float16: stands for 0 where the ratio noise / signal must stay finite.
ALMOST_NO_SIGNAL = 2.0**-24


def sigmas_of(cumulative_alphas: FloatArray, *, zero_snr: bool) -> Sigmas:
    """The sigma of each training timestep, ascending, (num_train_timesteps,)."""
    alphas = cumulative_alphas.astype(np.float64)
    if zero_snr:
        alphas[-1] = ALMOST_NO_SIGNAL
    sigmas: Sigmas = np.sqrt((1 - alphas) / alphas)
    return sigmas


def karras_sigmas(sigma_max: float, sigma_min: float, steps: int) -> Sigmas:
    """Descending sigmas, (steps,), by equation 5 of https://arxiv.org/abs/2206.00364."""
    start, end = sigma_max ** (1 / KARRAS_RHO), sigma_min ** (1 / KARRAS_RHO)
    sigmas: Sigmas = np.linspace(start, end, steps) ** KARRAS_RHO
    return sigmas


def exponential_sigmas(sigma_max: float, sigma_min: float, steps: int) -> Sigmas:
    """Descending sigmas, (steps,), evenly spaced in their logarithm."""
    sigmas: Sigmas = np.exp(np.linspace(math.log(sigma_max), math.log(sigma_min), steps))
    return sigmas


def timesteps_of(sigmas: Sigmas, train_sigmas: Sigmas) -> Sigmas:
    """The (fractional) training timesteps at which the noise is `sigmas`, by log interpolation."""
    positions = np.arange(len(train_sigmas), dtype=np.float64)
    return np.interp(np.log(np.maximum(sigmas, 1e-10)), np.log(train_sigmas), positions)


def with_final_sigma(sigmas: Sigmas, final: FinalSigmas, train_sigmas: Sigmas) -> Sigmas:
    """The sigmas followed by the one at which the image is finished, (len(sigmas) + 1,)."""
    return np.append(sigmas, 0.0 if final == "zero" else train_sigmas[0])
