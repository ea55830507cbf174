"""The public model's parameters, as the checkpoint has them."""

import json

from retouch.schedulers import UnsupportedOptionError, load_scheduler

from export.checkpoint import Checkpoint, Family
from export.errors import UnsupportedError
from export.geometry import Geometry

STEPS, GUIDANCE = 30, 7.5
DISTILLED = {"LCMScheduler": (4, 1.0)}  # steps and guidance of few-step checkpoints


def edit_parameters(
    checkpoint: Checkpoint, geometry: Geometry, steps: int | None, guidance: float | None
) -> dict[str, str]:
    """Values of the public config's parameters.

    Args:
        checkpoint: Whose scheduler and pipeline settings count.
        geometry: Its numbers.
        steps: Default number of steps; None = by the scheduler.
        guidance: Default guidance scale; None = by the scheduler.

    Raises:
        UnsupportedError: the loop has no such scheduler, or the pipeline is a refiner.
    """
    if checkpoint.index.get("requires_aesthetics_score"):
        raise UnsupportedError("a refiner, which wants an aesthetics score, cannot be served")
    scheduler = dict(checkpoint.settings("scheduler"))
    try:
        load_scheduler(scheduler)
    except UnsupportedOptionError as error:
        raise UnsupportedError(f"the checkpoint's scheduler cannot be served: {error}") from error
    usual = DISTILLED.get(scheduler["_class_name"], (STEPS, GUIDANCE))
    is_xl = checkpoint.family is Family.SDXL
    zeros = is_xl and checkpoint.index.get("force_zeros_for_empty_prompt", True)
    return {
        "resolution": str(geometry.resolution),
        "latent_channels": str(geometry.latent_channels),
        "latent_factor": str(geometry.latent_factor),
        "unet_channels": str(geometry.unet_channels),
        "added_conditioning": _flag(is_xl),
        "zero_empty_negative": _flag(bool(zeros)),
        "scheduler": json.dumps(scheduler),
        "steps": str(steps if steps is not None else usual[0]),
        "guidance": str(guidance if guidance is not None else usual[1]),
    }


def _flag(value: bool) -> str:  # noqa: FBT001
    return "true" if value else "false"
