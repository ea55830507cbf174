"""The torch modules that become graphs: a checkpoint's networks with the contract's edges.

`forward` takes the inputs and gives the outputs of the role's config, in its order. Edges are
float32, int64 or uint8 whatever the network computes in.
"""

import torch
from diffusers import AutoencoderKL, AutoencoderTiny, UNet2DConditionModel
from torch import Tensor, nn
from transformers import CLIPTextModel, CLIPTextModelWithProjection

Vae = AutoencoderKL | AutoencoderTiny
MASKED = 128  # mask values from here on are repainted


class TextEncoder(nn.Module):
    """Token ids -> the last hidden state behind the final normalisation, as SD 1 and 2 use it."""

    def __init__(self, encoder: CLIPTextModel) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids: Tensor) -> Tensor:
        """(rows, 77) -> (rows, 77, width)."""
        hidden: Tensor = self.encoder(input_ids)[0]
        return hidden.float()


class PairedTextEncoder(nn.Module):
    """SDXL's two encoders: penultimate hidden states side by side, and the second one's pooled."""

    def __init__(self, first: CLIPTextModel, second: CLIPTextModelWithProjection) -> None:
        super().__init__()
        self.first = first
        self.second = second

    def forward(self, input_ids: Tensor, input_ids_2: Tensor) -> tuple[Tensor, Tensor]:
        """(rows, 77) twice -> (rows, 77, width), (rows, pooled width)."""
        first = self.first(input_ids, output_hidden_states=True)
        second = self.second(input_ids_2, output_hidden_states=True)
        hidden = torch.cat([first.hidden_states[-2], second.hidden_states[-2]], dim=-1)
        return hidden.float(), second.text_embeds.float()


class VaeEncoder(nn.Module):
    """Window and mask -> scaled latents of the window with the masked pixels mid grey."""

    def __init__(self, vae: Vae) -> None:
        super().__init__()
        self.vae = vae

    def forward(self, image: Tensor, mask: Tensor) -> Tensor:
        """uint8 (B, R, R, 3), (B, R, R) -> (B, c, h, w)."""
        kept = (mask < MASKED).unsqueeze(-1)  # (B, R, R, 1)
        pixels = (image.float() / 127.5 - 1) * kept.float()
        pixels = pixels.permute(0, 3, 1, 2)  # (B, 3, R, R)
        encoded = self.vae.encode(pixels.to(self.vae.dtype), return_dict=False)[0]
        latents = encoded if isinstance(encoded, Tensor) else encoded.mode()
        shift = getattr(self.vae.config, "shift_factor", None) or 0.0
        return (latents.float() - shift) * self.vae.config.scaling_factor  # (B, c, h, w)


class VaeDecoder(nn.Module):
    """Scaled latents -> pixels."""

    def __init__(self, vae: Vae) -> None:
        super().__init__()
        self.vae = vae

    def forward(self, latents: Tensor) -> Tensor:
        """(B, c, h, w) -> uint8 (B, R, R, 3)."""
        shift = getattr(self.vae.config, "shift_factor", None) or 0.0
        unscaled = latents / self.vae.config.scaling_factor + shift
        decoded = self.vae.decode(unscaled.to(self.vae.dtype), return_dict=False)[0].float()
        shares = (decoded / 2 + 0.5).clamp(0, 1).permute(0, 2, 3, 1)  # (B, R, R, 3)
        return (shares * 255).round().to(torch.uint8)


class Unet(nn.Module):
    """One denoising step; each row has its own timestep."""

    def __init__(self, unet: UNet2DConditionModel) -> None:
        super().__init__()
        self.unet = unet

    def forward(self, latents: Tensor, timestep: Tensor, embeddings: Tensor) -> Tensor:
        """(B, C, h, w), (B, 1), (B, tokens, width) -> (B, c, h, w)."""
        dtype = self.unet.dtype
        step = timestep[:, 0]  # (B,)
        prediction = self.unet(latents.to(dtype), step, embeddings.to(dtype), return_dict=False)
        return prediction[0].float()  # type: ignore[no-any-return]


class ConditionedUnet(nn.Module):
    """SDXL's denoising step, which also sees the pooled embedding and the picture's sizes."""

    def __init__(self, unet: UNet2DConditionModel) -> None:
        super().__init__()
        self.unet = unet

    def forward(
        self,
        latents: Tensor,
        timestep: Tensor,
        embeddings: Tensor,
        pooled: Tensor,
        time_ids: Tensor,
    ) -> Tensor:
        """(B, C, h, w), (B, 1), (B, tokens, width), (B, pooled width), (B, 6) -> (B, c, h, w)."""
        dtype = self.unet.dtype
        prediction = self.unet(
            latents.to(dtype),
            timestep[:, 0],
            embeddings.to(dtype),
            added_cond_kwargs={"text_embeds": pooled.to(dtype), "time_ids": time_ids},
            return_dict=False,
        )
        return prediction[0].float()  # type: ignore[no-any-return]
