"""The public model's parameters, as the checkpoint has them."""

import json

from export.checkpoint import Checkpoint, Family
from export.errors import UnsupportedError
from export.geometry import Geometry
from export.request import Engine, ExportRequest
from retouch.denoise import Model
from retouch.schedulers import UnsupportedOptionError, load_scheduler

STEPS, GUIDANCE = 30, 7.5
DISTILLED = {"LCMScheduler": (4, 1.0)}  # steps and guidance of few-step checkpoints


def edit_parameters(
    checkpoint: Checkpoint, geometry: Geometry, request: ExportRequest
) -> dict[str, str]:
    """Values of the public config's parameters.

    Args:
        checkpoint: Whose scheduler and pipeline settings count.
        geometry: Its numbers.
        request: Whose defaults count.

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
        "steps": str(usual[0] if request.steps is None else request.steps),
        "guidance": str(usual[1] if request.guidance is None else request.guidance),
        "guidance_end": str(request.guidance_end),
        "cache_interval": str(request.cache_interval),
        "decoder_rows": str(1 if request.engine is Engine.OPENVINO else Model.decoder_rows),
    }


def _flag(value: bool) -> str:
    return "true" if value else "false"
