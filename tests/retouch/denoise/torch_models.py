"""Tiny random diffusers pipelines, and the loop's engines made of their networks."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import diffusers as untyped_diffusers
import numpy as np
import torch

from retouch.denoise import Encoded, PixelArray, UNetOutputs, UNetRows
from retouch.schedulers import FloatArray
from training.reuse import features_passing

diffusers: Any = untyped_diffusers

RESOLUTION, FACTOR, WIDTH, POOLED_WIDTH, TIME_ID_WIDTH = 32, 8, 16, 12, 8
EMBEDDINGS = np.random.default_rng(7).standard_normal((2, 77, WIDTH), np.float32)
POOLED = np.random.default_rng(8).standard_normal((2, POOLED_WIDTH), np.float32)


@cache
def tiny_vae() -> Any:
    """A random autoencoder that shrinks by 8."""
    torch.manual_seed(0)
    blocks = 4
    return diffusers.AutoencoderKL(
        block_out_channels=(8,) * blocks,
        down_block_types=("DownEncoderBlock2D",) * blocks,
        up_block_types=("UpDecoderBlock2D",) * blocks,
        latent_channels=4,
        norm_num_groups=4,
        sample_size=RESOLUTION,
    ).eval()


@cache
def tiny_unet(channels: int, *, xl: bool) -> Any:
    """A random UNet with 4 (plain) or 9 (inpainting) channels."""
    torch.manual_seed(1)
    added = {
        "addition_embed_type": "text_time",
        "addition_time_embed_dim": TIME_ID_WIDTH,
        "projection_class_embeddings_input_dim": POOLED_WIDTH + 6 * TIME_ID_WIDTH,
    }
    return diffusers.UNet2DConditionModel(
        in_channels=channels,
        out_channels=4,
        sample_size=RESOLUTION // FACTOR,
        block_out_channels=(16, 32),
        layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        attention_head_dim=8,
        norm_num_groups=8,
        cross_attention_dim=WIDTH,
        **(added if xl else {}),
    ).eval()


def tiny_pipeline(channels: int, scheduler: Any, *, xl: bool) -> Any:
    """An inpainting pipeline without text encoders; prompts are given as embeddings."""
    networks = {"vae": tiny_vae(), "unet": tiny_unet(channels, xl=xl), "scheduler": scheduler}
    absent = {"text_encoder": None, "tokenizer": None, "feature_extractor": None}
    if xl:
        second = {"text_encoder_2": None, "tokenizer_2": None, "add_watermarker": False}
        pipeline = diffusers.StableDiffusionXLInpaintPipeline(**networks, **absent, **second)
    else:
        unsafe = {"safety_checker": None, "requires_safety_checker": False}
        pipeline = diffusers.StableDiffusionInpaintPipeline(**networks, **absent, **unsafe)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


@dataclass
class TorchEngines:
    """A pipeline's networks as the loop calls them; remembers the latents that were decoded.

    A shallow call computes the whole UNet, and replaces what its outermost layer gets.
    """

    pipeline: Any
    decoded: list[FloatArray] = field(default_factory=list)

    def encode(
        self, image: PixelArray, mask: PixelArray, prompt: str, negative_prompt: str
    ) -> Encoded:
        """The constant embeddings, and the masked window's latents."""
        assert (prompt, negative_prompt) == ("prompt", "")
        return Encoded(EMBEDDINGS, self.encode_image(image, mask), POOLED)

    def encode_image(self, image: PixelArray, mask: PixelArray) -> FloatArray:
        """The masked window's latents."""
        return self._latents(image, mask < 128)

    @torch.no_grad()
    def _latents(self, image: PixelArray, kept: np.ndarray[Any, np.dtype[np.bool_]]) -> FloatArray:
        pixels = (image.astype(np.float32) / 127.5 - 1) * kept[..., None]
        tensor = torch.from_numpy(pixels).permute(2, 0, 1)[None]
        vae = self.pipeline.vae
        latents: FloatArray = vae.encode(tensor).latent_dist.mode()[0].numpy()
        return latents * float(vae.config.scaling_factor)

    @torch.no_grad()
    def unet(self, rows: UNetRows) -> UNetOutputs:
        """The prediction, rows at different timesteps together."""
        latents, timestep, embeddings = map(torch.from_numpy, rows[:3])
        added = None
        if rows.pooled is not None and rows.time_ids is not None:
            pooled, time_ids = torch.from_numpy(rows.pooled), torch.from_numpy(rows.time_ids)
            added = {"text_embeds": pooled, "time_ids": time_ids}
        unet, seen = self.pipeline.unet, []
        kept = None if rows.features is None else torch.from_numpy(rows.features)

        def change(features: torch.Tensor) -> torch.Tensor:
            seen.append(features)
            return features if kept is None else kept

        with features_passing(unet, change):
            prediction = unet(latents, timestep[:, 0], embeddings, added_cond_kwargs=added).sample
        return UNetOutputs(prediction.numpy(), None if kept is not None else seen[0].numpy())

    def decode(self, latents: FloatArray) -> PixelArray:
        """Black pictures: the latents are what is compared."""
        self.decoded.extend(latents)
        return np.zeros((len(latents), RESOLUTION, RESOLUTION, 3), np.uint8)
