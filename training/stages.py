"""The stages in order, each resumable: vocabulary, autoencoder, denoiser, checkpoint."""

import os
import shutil
from pathlib import Path

import torch
from diffusers import AutoencoderTiny
from safetensors.torch import load_model

from training.assembly import write_checkpoint
from training.autoencoder import train_autoencoder
from training.denoiser import Denoiser, new_denoiser, train_denoiser
from training.grid import save_grid
from training.models import (
    RESOLUTION,
    new_autoencoder,
    new_scheduler,
    new_text_encoder,
    new_unet,
    prefer_small_attention,
)
from training.recipe import Recipe
from training.runs import Run
from training.scenes import draw_scene
from training.supply import to_model_range
from training.vocabulary import captions, read_tokenizer, write_tokenizer

_SCENES_FOR_SCALE = 64


def train(out: Path, device: torch.device, recipe: Recipe, start: Path | None = None) -> None:
    """Do what is not done yet under `out`; the checkpoint ends up in `out`/checkpoint.

    Args:
        out: the run's folder.
        device: what trains.
        recipe: all numbers.
        start: a checkpoint made by an earlier run with this recipe's sizes. Its vocabulary and
            encoder are taken over; its decoder, UNet and text encoder are where training begins.
    """
    torch.manual_seed(recipe.seed)
    # Of what is done between the parts of batches, such as the optimiser's step: a part has one
    # thread, see `training.gradients`.
    torch.set_num_threads(min(4, os.cpu_count() or 1))
    run = Run(out, device, recipe.save_every_seconds)
    if start and not (out / "tokenizer").exists():
        shutil.copytree(start / "tokenizer", out / "tokenizer")
    if not (out / "tokenizer").exists():
        write_tokenizer(out / "tokenizer", captions(recipe.captions, recipe.seed))
    denoiser = _denoiser(_autoencoder(run, recipe, start), out, device, recipe, start)

    def show(steps: int) -> None:
        write_checkpoint(denoiser, out / "tokenizer", out / "checkpoint")
        save_grid(out / "checkpoint", out / "samples" / f"{steps:06d}.png", recipe.shown_edits)

    train_denoiser(denoiser, recipe, run, show)


def _autoencoder(run: Run, recipe: Recipe, start: Path | None) -> AutoencoderTiny:
    """Trained, scaled and frozen; kept as a folder of its own, since the denoiser depends on it."""
    folder = run.folder / "autoencoder"
    if not folder.exists():
        autoencoder = (_known_encoder(start) if start else new_autoencoder()).to(run.device)
        train_autoencoder(autoencoder, recipe, run)
        if not start:
            autoencoder.register_to_config(scaling_factor=scaling_factor(autoencoder, recipe.seed))
        autoencoder.save_pretrained(folder)
    return (
        AutoencoderTiny.from_pretrained(folder)
        .to(run.device, memory_format=torch.channels_last)
        .eval()
        .requires_grad_(False)
    )


def _known_encoder(start: Path) -> AutoencoderTiny:
    """A checkpoint's autoencoder, its encoder frozen."""
    autoencoder = AutoencoderTiny.from_pretrained(start / "vae").float()
    autoencoder.encoder.requires_grad_(False)
    return autoencoder


def _denoiser(
    autoencoder: AutoencoderTiny,
    out: Path,
    device: torch.device,
    recipe: Recipe,
    start: Path | None,
) -> Denoiser:
    tokenizer = read_tokenizer(out / "tokenizer")
    unet, text_encoder = new_unet(recipe.unet_channels), new_text_encoder(len(tokenizer))
    if start:
        load_model(unet, start / "unet" / "diffusion_pytorch_model.safetensors")
        load_model(text_encoder, start / "text_encoder" / "model.safetensors")
    if device.type == "cpu":
        prefer_small_attention(unet, text_encoder)
    return new_denoiser(
        unet.to(device, memory_format=torch.channels_last),
        text_encoder.to(device),
        autoencoder,
        tokenizer,
        new_scheduler(),
    )


@torch.no_grad()
def scaling_factor(autoencoder: AutoencoderTiny, seed: int) -> float:
    """What makes the latents' standard deviation one, rounded to three digits."""
    scenes = [draw_scene(seed, index, RESOLUTION).image for index in range(_SCENES_FOR_SCALE)]
    pictures = torch.stack([torch.from_numpy(image).permute(2, 0, 1) for image in scenes])
    spreads = [
        autoencoder.encode(to_model_range(part.to(autoencoder.device))).latents.std().item()
        for part in torch.split(pictures, 16)
    ]
    return float(round(len(spreads) / sum(spreads), 3))
