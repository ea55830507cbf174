"""The four models, small enough to be trained on a few CPU cores."""

from typing import Final

from diffusers import AutoencoderTiny, DDIMScheduler, UNet2DConditionModel
from diffusers.models.attention_processor import AttnProcessor
from transformers import CLIPTextConfig, CLIPTextModel

from training.averages import start_as_averages
from training.vocabulary import MAX_TOKENS

LATENT_CHANNELS: Final = 4
FACTOR: Final = 8
TEXT_WIDTH: Final = 128
RESOLUTION: Final = 256
"""Pixels a side that the checkpoint is made for."""


def new_autoencoder() -> AutoencoderTiny:
    """Picture (B, 3, H, W) in [-1, 1] <-> latents (B, 4, H/8, W/8).

    Nothing is normalised over the picture, so what a hole holds cannot change what lies far away.
    Blocks at full resolution cost most and help least, so there are none. It begins as averages.
    """
    width = 32
    autoencoder = AutoencoderTiny(
        encoder_block_out_channels=(width,) * 4,
        decoder_block_out_channels=(width,) * 4,
        num_encoder_blocks=(0, 1, 3, 3),
        num_decoder_blocks=(3, 3, 2, 0),
        latent_channels=LATENT_CHANNELS,
    )
    start_as_averages(autoencoder)
    return autoencoder


def new_text_encoder(tokens: int) -> CLIPTextModel:
    """Token ids (B, 77) -> embeddings (B, 77, 128), for a vocabulary of `tokens` entries."""
    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=tokens,
            hidden_size=TEXT_WIDTH,
            projection_dim=TEXT_WIDTH,
            intermediate_size=4 * TEXT_WIDTH,
            num_hidden_layers=2,
            num_attention_heads=4,
            max_position_embeddings=MAX_TOKENS,
            bos_token_id=tokens - 2,
            eos_token_id=tokens - 1,
            pad_token_id=tokens - 1,
        )
    )


def new_unet(channels: tuple[int, int, int, int]) -> UNet2DConditionModel:
    """Latents, hole and masked picture's latents (B, 9, h, w) -> clean latents (B, 4, h, w).

    The words reach every block by the way of the timestep's embedding, which says what and in which
    colour, and are attended to on the two lower levels only: higher up attention would cost more
    than everything else. On the lowest level a latent stands for 64 pixels, so a few convolutions
    see the whole hole.
    """
    return UNet2DConditionModel(
        sample_size=RESOLUTION // FACTOR,
        in_channels=2 * LATENT_CHANNELS + 1,
        out_channels=LATENT_CHANNELS,
        block_out_channels=channels,
        layers_per_block=1,
        down_block_types=("DownBlock2D",) * 2 + ("CrossAttnDownBlock2D",) * 2,
        up_block_types=("CrossAttnUpBlock2D",) * 2 + ("UpBlock2D",) * 2,
        cross_attention_dim=TEXT_WIDTH,
        addition_embed_type="text",
        addition_embed_type_num_heads=4,
        # The number of heads, by a misnomer of diffusers.
        attention_head_dim=tuple(max(1, width // 32) for width in channels),
        norm_num_groups=4,
    )


def prefer_small_attention(unet: UNet2DConditionModel, text_encoder: CLIPTextModel) -> None:
    """Attend by plain products: on a CPU the fused kernels' backward pass is slow."""
    unet.set_attn_processor(AttnProcessor())
    text_encoder.set_attn_implementation("eager")


def new_scheduler() -> DDIMScheduler:
    """The noise schedule: from pure noise (zero terminal SNR); the UNet foretells clean latents."""
    return DDIMScheduler(
        num_train_timesteps=1000,
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        prediction_type="sample",
        rescale_betas_zero_snr=True,
        timestep_spacing="trailing",
        clip_sample=False,
        set_alpha_to_one=True,
        steps_offset=1,  # not used by trailing spacing, but the pipeline insists on it
    )
