"""Which training timesteps an image visits (https://arxiv.org/abs/2305.08891, table 2)."""

from typing import Literal

import numpy as np
import numpy.typing as npt

TimestepSpacing = Literal["leading", "trailing", "linspace"]
Timesteps = npt.NDArray[np.float64]


def spaced_timesteps(
    spacing: TimestepSpacing, steps: int, train_timesteps: int, steps_offset: int
) -> Timesteps:
    """Descending timesteps, (steps,); those of `linspace` are not rounded.

    Args:
        spacing: the scheduler's `timestep_spacing`.
        steps: how many.
        train_timesteps: how many the checkpoint was trained with.
        steps_offset: added to `leading` timesteps.

    Raises:
        ValueError: the checkpoint has fewer timesteps than that.
    """
    if spacing == "linspace":
        timesteps = np.linspace(0, train_timesteps - 1, steps)[::-1]
    elif spacing == "leading":
        timesteps = np.arange(steps)[::-1] * float(train_timesteps // steps) + steps_offset
    else:
        timesteps = np.round(train_timesteps - np.arange(steps) * (train_timesteps / steps)) - 1
    return checked_timesteps(timesteps, steps, train_timesteps)


def checked_timesteps(timesteps: Timesteps, steps: int, train_timesteps: int) -> Timesteps:
    """The timesteps, if all are ones that the checkpoint was trained with.

    Raises:
        ValueError: one is not, because too many steps were asked for.
    """
    if steps > train_timesteps or timesteps.max() > train_timesteps - 1 or timesteps.min() < 0:
        raise ValueError(f"{steps} steps are more than the model's scheduler can make")
    return timesteps


def first_step(steps: int, strength: float) -> int:
    """How many of an image's steps a strength below 1 skips; at least one step is left.

    Args:
        steps: the steps of the whole trajectory.
        strength: in (0, 1].
    """
    return steps - max(int(steps * strength), 1)
