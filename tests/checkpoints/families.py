"""One builder for each family of checkpoints."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from diffusers import DDIMScheduler, EulerDiscreteScheduler

from tests.checkpoints.folder import write_folder
from tests.checkpoints.full_size import sd15_full, sdxl_full
from tests.checkpoints.networks import (
    WIDTH,
    small_second_text_encoder,
    small_text_encoder,
    small_unet,
    small_vae,
)
from tests.checkpoints.tokenizer import small_tokenizer

BETAS: dict[str, Any] = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "steps_offset": 1,
}
NO_CHECKER = {"safety_checker": [None, None], "feature_extractor": [None, None]}


def _ddim(prediction_type: str) -> DDIMScheduler:
    return DDIMScheduler(
        clip_sample=False, set_alpha_to_one=False, prediction_type=prediction_type, **BETAS
    )


def _sd1(folder: Path, pipeline: str, in_channels: int) -> Path:
    components = {
        "tokenizer": small_tokenizer,
        "text_encoder": lambda: small_text_encoder(small_tokenizer()),
        "vae": small_vae,
        "unet": lambda: small_unet(in_channels),
        "scheduler": lambda: _ddim("epsilon"),
    }
    return write_folder(folder, pipeline, components, requires_safety_checker=False, **NO_CHECKER)


def sd1_inpainting(folder: Path) -> Path:
    """Stable Diffusion 1.x, inpainting: 9 channels, predicts noise."""
    return _sd1(folder, "StableDiffusionInpaintPipeline", in_channels=9)


def sd1_plain(folder: Path) -> Path:
    """Stable Diffusion 1.x, text to image: 4 channels, predicts noise."""
    return _sd1(folder, "StableDiffusionPipeline", in_channels=4)


def sd2_inpainting(folder: Path) -> Path:
    """Stable Diffusion 2.x, inpainting: linear projections, predicts velocity."""

    def unet() -> Any:
        return small_unet(9, use_linear_projection=True, attention_head_dim=[2, 4])

    components = {
        "tokenizer": lambda: small_tokenizer(pad_token="!"),  # noqa: S106
        "text_encoder": lambda: small_text_encoder(small_tokenizer("!"), "gelu"),
        "vae": small_vae,
        "unet": unet,
        "scheduler": lambda: _ddim("v_prediction"),
    }
    return write_folder(
        folder,
        "StableDiffusionInpaintPipeline",
        components,
        requires_safety_checker=False,
        **NO_CHECKER,
    )


def _sdxl_unet() -> Any:
    sizes = 8  # width of each embedded size
    return small_unet(
        9,
        use_linear_projection=True,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        transformer_layers_per_block=[1, 2],
        attention_head_dim=[2, 4],
        cross_attention_dim=2 * WIDTH,
        addition_embed_type="text_time",
        addition_time_embed_dim=sizes,
        projection_class_embeddings_input_dim=WIDTH + 6 * sizes,
    )


def sdxl_inpainting(folder: Path) -> Path:
    """Stable Diffusion XL, inpainting: two text encoders, pooled embedding, sizes, Euler."""
    components = {
        "tokenizer": small_tokenizer,
        "tokenizer_2": lambda: small_tokenizer(pad_token="!"),  # noqa: S106
        "text_encoder": lambda: small_text_encoder(small_tokenizer()),
        "text_encoder_2": lambda: small_second_text_encoder(small_tokenizer("!")),
        "vae": lambda: small_vae(scaling_factor=0.13025),
        "unet": _sdxl_unet,
        "scheduler": lambda: EulerDiscreteScheduler(timestep_spacing="leading", **BETAS),
    }
    return write_folder(
        folder,
        "StableDiffusionXLInpaintPipeline",
        components,
        force_zeros_for_empty_prompt=True,
        requires_aesthetics_score=False,
    )


BUILDERS: dict[str, Callable[[Path], Path]] = {
    "sd1-inpainting": sd1_inpainting,
    "sd1-plain": sd1_plain,
    "sd2-inpainting": sd2_inpainting,
    "sdxl-inpainting": sdxl_inpainting,
    "sd15-full": sd15_full,
    "sdxl-full": sdxl_full,
}


def build(name: str, folder: Path) -> Path:
    """Writes the checkpoint called `name` (a key of `BUILDERS`) to `folder`, and returns that."""
    return BUILDERS[name](folder)
