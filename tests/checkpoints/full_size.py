"""Random-weight checkpoints with the real dimensions of SD1.5 and SDXL inpainting, in fp16.

The dimensions are facts of the published architectures (859.5 M and 2567.5 M UNet parameters).
Networks are made without memory first and filled in fp16, so a builder needs little more memory
than its largest file.
"""

from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL, DDIMScheduler, EulerDiscreteScheduler, UNet2DConditionModel
from torch import nn
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

from tests.checkpoints.folder import write_folder
from tests.checkpoints.tokenizer import small_tokenizer
from tests.checkpoints.weights import calm, randomise

SD15_UNET: dict[str, Any] = {
    "sample_size": 64,
    "in_channels": 9,
    "block_out_channels": (320, 640, 1280, 1280),
    "down_block_types": ("CrossAttnDownBlock2D",) * 3 + ("DownBlock2D",),
    "up_block_types": ("UpBlock2D",) + ("CrossAttnUpBlock2D",) * 3,
    "attention_head_dim": 8,
    "cross_attention_dim": 768,
}
SDXL_UNET: dict[str, Any] = {
    "sample_size": 128,
    "in_channels": 9,
    "block_out_channels": (320, 640, 1280),
    "down_block_types": ("DownBlock2D",) + ("CrossAttnDownBlock2D",) * 2,
    "up_block_types": ("CrossAttnUpBlock2D",) * 2 + ("UpBlock2D",),
    "transformer_layers_per_block": [1, 2, 10],
    "attention_head_dim": [5, 10, 20],
    "cross_attention_dim": 2048,
    "use_linear_projection": True,
    "addition_embed_type": "text_time",
    "addition_time_embed_dim": 256,
    "projection_class_embeddings_input_dim": 2816,
}
VAE_LEVELS = (128, 256, 512, 512)
BETAS: dict[str, Any] = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "steps_offset": 1,
}


def _fill(network: nn.Module) -> nn.Module:
    """Gives memory to a network that was made on the meta device, and random weights."""
    filled = network.half().to_empty(device="cpu").eval()
    randomise(filled, seed=0)
    return filled


def _unet(settings: dict[str, Any]) -> nn.Module:
    with torch.device("meta"):
        unet = _fill(UNet2DConditionModel(**settings))
    calm(unet, 0.5)
    return unet


def _vae(scaling_factor: float) -> nn.Module:
    with torch.device("meta"):
        vae = AutoencoderKL(
            down_block_types=("DownEncoderBlock2D",) * len(VAE_LEVELS),
            up_block_types=("UpDecoderBlock2D",) * len(VAE_LEVELS),
            block_out_channels=VAE_LEVELS,
            layers_per_block=2,
            scaling_factor=scaling_factor,
        )
    return _fill(vae)


def _clip_l() -> CLIPTextModel:
    config = CLIPTextConfig(
        vocab_size=49408,
        hidden_size=768,
        intermediate_size=3072,
        num_hidden_layers=12,
        num_attention_heads=12,
        projection_dim=768,
        eos_token_id=small_tokenizer().eos_token_id,
    )
    return CLIPTextModel(config).half()


def _open_clip_big_g() -> CLIPTextModelWithProjection:
    config = CLIPTextConfig(
        vocab_size=49408,
        hidden_size=1280,
        intermediate_size=5120,
        num_hidden_layers=32,
        num_attention_heads=20,
        projection_dim=1280,
        hidden_act="gelu",
        eos_token_id=small_tokenizer().eos_token_id,
    )
    return CLIPTextModelWithProjection(config).half()


def sd15_full(folder: Path) -> Path:
    """Stable Diffusion 1.5 inpainting at full size, with the small tokenizer."""
    components = {
        "tokenizer": small_tokenizer,
        "text_encoder": _clip_l,
        "vae": lambda: _vae(0.18215),
        "unet": lambda: _unet(SD15_UNET),
        "scheduler": lambda: DDIMScheduler(clip_sample=False, set_alpha_to_one=False, **BETAS),
    }
    return write_folder(
        folder,
        "StableDiffusionInpaintPipeline",
        components,
        safety_checker=[None, None],
        feature_extractor=[None, None],
        requires_safety_checker=False,
    )


def sdxl_full(folder: Path) -> Path:
    """Stable Diffusion XL inpainting at full size, with the small tokenizer."""
    components = {
        "tokenizer": small_tokenizer,
        "tokenizer_2": lambda: small_tokenizer(pad_token="!"),  # noqa: S106
        "text_encoder": _clip_l,
        "text_encoder_2": _open_clip_big_g,
        "vae": lambda: _vae(0.13025),
        "unet": lambda: _unet(SDXL_UNET),
        "scheduler": lambda: EulerDiscreteScheduler(timestep_spacing="leading", **BETAS),
    }
    return write_folder(
        folder, "StableDiffusionXLInpaintPipeline", components, force_zeros_for_empty_prompt=True
    )
