"""TensorRT plans: what each was built for, and whether that is here."""

from retouch.plans.binding import BINDING_FILE, PlanMismatchError, bind, check_plans
from retouch.plans.machine import Gpu, NoGpuError, gpus

__all__ = [
    "BINDING_FILE",
    "Gpu",
    "NoGpuError",
    "PlanMismatchError",
    "bind",
    "check_plans",
    "gpus",
]
