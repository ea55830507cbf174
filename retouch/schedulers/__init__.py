"""Schedulers in NumPy, made from a diffusers `scheduler_config.json`.

`load_scheduler(config).trajectory(steps, strength)` gives one image's steps. The numbers are those
of diffusers' classes of the same names.
"""

from collections.abc import Callable, Mapping

from retouch.schedulers.ddim import DDIMScheduler
from retouch.schedulers.dpm_solver import DPMSolverMultistepScheduler
from retouch.schedulers.euler import EulerDiscreteScheduler
from retouch.schedulers.euler_ancestral import EulerAncestralDiscreteScheduler
from retouch.schedulers.lcm import LCMScheduler
from retouch.schedulers.noise_schedule import FloatArray
from retouch.schedulers.options import UnsupportedOptionError
from retouch.schedulers.pndm import PNDMScheduler
from retouch.schedulers.trajectory import Scheduler, Step, Trajectory

__all__ = [
    "SCHEDULERS",
    "FloatArray",
    "Scheduler",
    "Step",
    "Trajectory",
    "UnsupportedOptionError",
    "load_scheduler",
]

SCHEDULERS: dict[str, Callable[[Mapping[str, object]], Scheduler]] = {
    "DDIMScheduler": DDIMScheduler,
    "DPMSolverMultistepScheduler": DPMSolverMultistepScheduler,
    "EulerAncestralDiscreteScheduler": EulerAncestralDiscreteScheduler,
    "EulerDiscreteScheduler": EulerDiscreteScheduler,
    "LCMScheduler": LCMScheduler,
    "PNDMScheduler": PNDMScheduler,
}


def load_scheduler(config: Mapping[str, object]) -> Scheduler:
    """The scheduler that a checkpoint comes with.

    Args:
        config: the content of its `scheduler_config.json`.

    Raises:
        UnsupportedOptionError: the class or one of its options is not implemented; the message
            names both.
    """
    name = config.get("_class_name")
    if not isinstance(name, str) or name not in SCHEDULERS:
        supported = f"supported: {', '.join(sorted(SCHEDULERS))}"
        raise UnsupportedOptionError("scheduler", "_class_name", name, supported)
    return SCHEDULERS[name](config)
