"""The small networks of each family: every kind of layer of the real ones, few channels."""

from typing import Any

from diffusers import AutoencoderKL, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

from tests.checkpoints.weights import calibrate_unet, calibrate_vae, randomise

WIDTH = 32  # of the text embeddings
LATENT_SIZE = 8  # pictures of 64 x 64


def _text_config(tokenizer: CLIPTokenizer, activation: str) -> CLIPTextConfig:
    return CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=WIDTH,
        intermediate_size=2 * WIDTH,
        projection_dim=WIDTH,
        num_hidden_layers=3,
        num_attention_heads=4,
        hidden_act=activation,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )


def small_text_encoder(tokenizer: CLIPTokenizer, activation: str = "quick_gelu") -> CLIPTextModel:
    """SD1 and SDXL's first encoder (`quick_gelu`), or SD2's (`gelu`)."""
    encoder = CLIPTextModel(_text_config(tokenizer, activation)).eval()
    randomise(encoder, seed=1)
    return encoder


def small_second_text_encoder(tokenizer: CLIPTokenizer) -> CLIPTextModelWithProjection:
    """SDXL's second encoder, which pools."""
    encoder = CLIPTextModelWithProjection(_text_config(tokenizer, "gelu")).eval()
    randomise(encoder, seed=2)
    return encoder


def small_vae(scaling_factor: float = 0.18215) -> AutoencoderKL:
    """Four levels, so a latent pixel stands for 8 x 8 pixels."""
    levels = (8, 8, 16, 16)
    vae = AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * len(levels),
        up_block_types=("UpDecoderBlock2D",) * len(levels),
        block_out_channels=levels,
        norm_num_groups=4,
        sample_size=8 * LATENT_SIZE,
        scaling_factor=scaling_factor,
    ).eval()
    randomise(vae, seed=3)
    calibrate_vae(vae)
    return vae


def small_unet(in_channels: int, **changes: Any) -> UNet2DConditionModel:
    """Two levels with cross-attention in one and in the middle.

    Args:
        in_channels: 9 for an inpainting UNet, 4 for a plain one.
        changes: Further settings of the family, as `UNet2DConditionModel` names them.
    """
    settings: dict[str, Any] = {
        "block_out_channels": (16, 32),
        "layers_per_block": 1,
        "down_block_types": ("CrossAttnDownBlock2D", "DownBlock2D"),
        "up_block_types": ("UpBlock2D", "CrossAttnUpBlock2D"),
        "attention_head_dim": 2,
        "norm_num_groups": 8,
        "cross_attention_dim": WIDTH,
    }
    settings.update(changes)
    unet = UNet2DConditionModel(
        sample_size=LATENT_SIZE, in_channels=in_channels, out_channels=4, **settings
    ).eval()
    randomise(unet, seed=4)
    calibrate_unet(unet)
    return unet
