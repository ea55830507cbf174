"""What diffusers' own inpainting pipelines make of a window: the reference for served results."""

from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import torch
from diffusers import AutoPipelineForInpainting
from diffusers.models.autoencoders.vae import DiagonalGaussianDistribution
from numpy.typing import NDArray
from PIL import Image

from frontend.inference.models import WindowEdit
from training.guidance import ending_after
from training.reuse import features_passing, reusing


def initial_noise(seed: int, channels: int, side: int) -> NDArray[np.float32]:
    """(channels, side, side): the documented noise of a seed: PCG64, standard normal, float32."""
    rng = np.random.Generator(np.random.PCG64(seed))
    return rng.standard_normal((channels, side, side), np.float32)


def diffusers_edit(
    checkpoint: Path, edit: WindowEdit, cache_interval: int = 1, guidance_end: float = 1.0
) -> NDArray[np.uint8]:
    """(R, R, 3): the first image of `edit`, painted by diffusers from the same noise.

    diffusers draws a sample of the VAE's distribution and we take its mean, so the reference is
    made to take the mean too; and it gets our noise in place of its own. Of so many steps as the
    interval says, the first one's deep features stand in for those of the others. The guidance ends
    after a share of the steps.
    """
    assert edit.steps is not None
    pipeline = _pipeline(checkpoint)
    factor = pipeline.vae_scale_factor
    side = edit.image.shape[0]
    noise = initial_noise(edit.seeds[0], pipeline.vae.config.latent_channels, side // factor)
    with (
        features_passing(pipeline.unet, reusing(cache_interval, edit.steps)),
        patch.object(DiagonalGaussianDistribution, "sample", _mode),
        patch(
            f"{type(pipeline).__module__}.randn_tensor", lambda *_, **__: torch.tensor(noise)[None]
        ),
    ):
        result = pipeline(
            **_arguments(edit),
            height=side,
            width=side,
            output_type="np",
            **ending_after(guidance_end, edit.steps),
        )
    painted: NDArray[np.float32] = result.images[0]  # (R, R, 3), 0..1
    rounded: NDArray[np.uint8] = np.round(painted * 255).astype(np.uint8)
    return rounded


@cache
def _pipeline(checkpoint: Path) -> Any:
    pipeline = AutoPipelineForInpainting.from_pretrained(checkpoint, dtype=torch.float32)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def _mode(distribution: DiagonalGaussianDistribution, generator: Any = None) -> torch.Tensor:  # noqa: ARG001
    mode: torch.Tensor = distribution.mode()
    return mode


def _arguments(edit: WindowEdit) -> dict[str, Any]:
    return {
        "image": Image.fromarray(edit.image),
        "mask_image": Image.fromarray(edit.mask),
        "prompt": edit.prompt,
        "negative_prompt": edit.negative_prompt,
        "num_inference_steps": edit.steps,
        "guidance_scale": edit.guidance,
        "strength": edit.strength,
    }
