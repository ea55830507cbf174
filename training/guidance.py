"""Guidance that ends early in diffusers' inpainting pipeline, as the product's does."""

import math
from typing import Any, Final

from diffusers import StableDiffusionInpaintPipeline

# What a guided step has twice, first for the negative prompt.
_DOUBLED: Final = ("prompt_embeds", "mask", "masked_image_latents")


def ending_after(share: float, steps: int) -> dict[str, Any]:
    """Arguments of a pipeline's call that end its guidance.

    Args:
        share: of the steps that are guided, in (0, 1].
        steps: how many there are.
    """
    guided = math.ceil(share * steps)

    def end(
        pipeline: StableDiffusionInpaintPipeline, step: int, _timestep: Any, tensors: dict[str, Any]
    ) -> dict[str, Any]:
        if step + 1 == guided < steps and pipeline.do_classifier_free_guidance:
            pipeline._guidance_scale = 1.0  # as diffusers documents it
            return {name: tensors[name].chunk(2)[1] for name in _DOUBLED}
        return tensors

    return {"callback_on_step_end": end, "callback_on_step_end_tensor_inputs": _DOUBLED}
