"""Random weights under which every input of a network matters, unlike under the default ones."""

import math

import torch
from diffusers import AutoencoderKL, AutoencoderTiny, UNet2DConditionModel
from torch import nn

GAINS = {
    ".to_q.": 2.0,  # attention that tells tokens apart
    ".to_k.": 2.0,
    ".attn2.to_out.": 4.0,  # the prompt shows in the picture
}
BIAS_STD = 0.1
SAMPLED_STD = 10.0  # about what a random UNet ends with


def _fill(name: str, tensor: torch.Tensor) -> None:
    if tensor.ndim > 1 and "embedding" in name and "time" not in name and "add" not in name:
        tensor.normal_(std=0.7)
    elif tensor.ndim > 1:
        gain = next((gain for part, gain in GAINS.items() if part in name), 1.0)
        tensor.normal_(std=gain / math.sqrt(tensor[0].numel()))
    elif "bias" in name:
        tensor.normal_(std=BIAS_STD)
    else:
        tensor.fill_(1.0)  # the scale of a normalisation


@torch.no_grad()
def randomise(network: nn.Module, seed: int) -> None:
    """Sets every parameter so that signals keep their size from layer to layer."""
    torch.manual_seed(seed)
    for name, tensor in network.named_parameters():
        _fill(name, tensor)


@torch.no_grad()
def calm(network: nn.Module, share: float) -> None:
    """Makes all matrices smaller.

    Random weights magnify rounding by far more than trained ones do, and an export refuses them.
    """
    for parameter in network.parameters():
        if parameter.ndim > 1:
            parameter.mul_(share)


@torch.no_grad()
def _rescale(layer: nn.Conv2d, factor: float) -> None:
    layer.weight.mul_(factor)
    if layer.bias is not None:
        layer.bias.mul_(factor)


@torch.no_grad()
def calibrate_vae(vae: AutoencoderKL) -> None:
    """Makes scaled latents of noise about unit size, and pictures of noise well inside -1..1."""
    pixels = torch.rand(1, 3, 64, 64) * 2 - 1  # (1, 3, 64, 64)
    latents = vae.encode(pixels).latent_dist.mean  # (1, c, 8, 8)
    _rescale(vae.quant_conv, 1 / (latents.std().item() * vae.config.scaling_factor))
    decoded = vae.decode(torch.randn_like(latents) / vae.config.scaling_factor).sample
    _rescale(vae.decoder.conv_out, 0.4 / decoded.std().item())


@torch.no_grad()
def calibrate_tiny_vae(vae: AutoencoderTiny) -> None:
    """The same for the autoencoder without normalisations."""
    pixels = torch.rand(1, 3, 64, 64) * 2 - 1  # (1, 3, 64, 64)
    latents = vae.encode(pixels).latents  # (1, 4, 8, 8)
    _rescale(vae.encoder.layers[-1], 1 / latents.std().item())
    sampled = SAMPLED_STD * torch.randn_like(latents)
    decoded = vae.decoder(sampled)  # (1, 3, 64, 64), twice the last layer's output, less 1
    last = vae.decoder.layers[-1]
    _rescale(last, 0.3 / decoded.std(dim=(0, 2, 3)).mean().item())
    last.bias.sub_(vae.decoder(sampled).mean(dim=(0, 2, 3)) / 2)


@torch.no_grad()
def calibrate_unet(unet: UNet2DConditionModel) -> None:
    """Makes predictions for noise about half of unit size.

    At full size a random UNet's denoising is chaotic: rounding errors of 1e-6 grow until the
    pictures of two correct programs differ.
    """
    config = unet.config
    size = config.sample_size
    rows = 2
    added = None
    if config.addition_embed_type == "text_time":
        pooled = config.projection_class_embeddings_input_dim - 6 * config.addition_time_embed_dim
        added = {"text_embeds": torch.randn(rows, pooled), "time_ids": torch.full((rows, 6), 64.0)}
    prediction = unet(
        torch.randn(rows, config.in_channels, size, size),
        torch.tensor([900.0, 100.0]),
        torch.randn(rows, 77, config.cross_attention_dim),
        added_cond_kwargs=added,
    ).sample
    _rescale(unet.conv_out, 0.5 / prediction.std().item())
