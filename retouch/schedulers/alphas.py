"""What the schedulers share that count in timesteps: DDIM, PNDM and LCM."""

import numpy as np

from retouch.schedulers.noise_schedule import FloatArray, Level, level_of
from retouch.schedulers.options import UnsupportedOptionError
from retouch.schedulers.prediction import PredictionType
from retouch.schedulers.trajectory import Trajectory


class Alphas:
    """The noise level of each training timestep and of the finished image."""

    def __init__(self, cumulative: FloatArray, *, final_is_one: bool) -> None:
        """Levels of cumulative alphas.

        Args:
            cumulative: (num_train_timesteps,).
            final_is_one: the finished image is free of noise (`set_alpha_to_one`); else it has the
                noise of timestep 0.
        """
        self._cumulative = cumulative
        self._final = 1.0 if final_is_one else float(cumulative[0])

    def level(self, timestep: float) -> Level:
        """The level of a training timestep; a negative one is the finished image's."""
        return level_of(float(self._cumulative[int(timestep)]) if timestep >= 0 else self._final)


class AlphaTrajectory(Trajectory):
    """A trajectory whose noise level follows from the timestep."""

    _alphas: Alphas

    def _level(self, index: int) -> Level:
        return self._alphas.level(self._timesteps[index])


def clipped(clean: FloatArray, limit: float | None) -> FloatArray:
    """The clean estimate within +-limit (`clip_sample`), or as it is."""
    return clean if limit is None else np.clip(clean, -limit, limit)


def refuse_noise_prediction_at_zero_snr(
    class_name: str, prediction_type: PredictionType, *, zero_snr: bool
) -> None:
    """Raises `UnsupportedOptionError` where the first step would divide by zero."""
    if zero_snr and prediction_type == "epsilon":
        why = "with zero terminal SNR the noise says nothing about the image"
        raise UnsupportedOptionError(class_name, "prediction_type", prediction_type, why)
