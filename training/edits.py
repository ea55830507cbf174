"""Edits as a client gets them: the checkpoint's answer, pasted by the product's own code."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import torch
from diffusers import StableDiffusionInpaintPipeline
from numpy.typing import NDArray
from PIL import Image

from frontend.pictures.edit import EditPixels
from training.guidance import ending_after
from training.scenes import Scene
from training.scenes.holes import BLOCK

STEPS: Final = 4
GUIDANCE: Final = 1.5
GUIDANCE_END: Final = 0.5
_AT_ONCE: Final = 8


def edit(
    pipeline: StableDiffusionInpaintPipeline,
    scenes: Sequence[Scene],
    prompts: Sequence[str] | None = None,
    steps: int = STEPS,
    guidance: float = GUIDANCE,
    guidance_end: float = GUIDANCE_END,
    seed: int = 0,
) -> list[NDArray[np.uint8]]:
    """Fill the holes of scenes of one size; scene number i starts from the noise of seed + i.

    Args:
        pipeline: the checkpoint.
        scenes: what is edited.
        prompts: the words, if not the scenes' own captions.
        steps: denoising steps.
        guidance: guidance scale.
        guidance_end: share of the steps that are guided.
        seed: of the first scene's noise.

    Returns:
        Pictures (H, W, 3), equal to the scenes' outside the holes.
    """
    words = list(prompts) if prompts else [scene.caption for scene in scenes]
    results: list[NDArray[np.uint8]] = []
    pipeline.set_progress_bar_config(disable=True)
    for start in range(0, len(scenes), _AT_ONCE):
        part = scenes[start : start + _AT_ONCE]
        seeds = range(seed + start, seed + start + len(part))
        filled = pipeline(
            prompt=words[start : start + _AT_ONCE],
            image=[Image.fromarray(scene.image) for scene in part],
            mask_image=[Image.fromarray(scene.hole) for scene in part],
            height=part[0].image.shape[0],
            width=part[0].image.shape[1],
            num_inference_steps=steps,
            guidance_scale=guidance,
            generator=[torch.Generator().manual_seed(number) for number in seeds],
            output_type="np",
            **ending_after(guidance_end, steps),
        ).images
        pixels = np.rint(filled * 255).astype(np.uint8)
        results += [delivered(scene, new) for scene, new in zip(part, pixels, strict=True)]
    return results


def delivered(scene: Scene, filled: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """What a client gets for a scene when the model answers with `filled` (H, W, 3)."""
    pixels = EditPixels.prepare(
        scene.image, scene.hole, resolution=len(scene.hole), latent_factor=BLOCK
    )
    return pixels.composite(filled)
