"""From trained weights to a folder that diffusers, and so every tool around it, can load."""

import copy
import shutil
from pathlib import Path
from typing import TypeVar

import torch
from diffusers import StableDiffusionInpaintPipeline
from torch import nn

from training.averaging import MovingAverage
from training.denoiser import Denoiser

Model = TypeVar("Model", bound=nn.Module)


def write_checkpoint(denoiser: Denoiser, tokenizer_folder: Path, folder: Path) -> None:
    """Write a StableDiffusionInpaintPipeline in fp16 with the averaged weights; replaces `folder`.

    The tokenizer is copied as it is, because saving it anew would drop vocab.json and merges.txt.
    """
    autoencoder = _half(denoiser.autoencoder)
    autoencoder.register_to_config(_name_or_path="")  # where it was read from is nobody's business
    pipeline = StableDiffusionInpaintPipeline(
        vae=autoencoder,
        text_encoder=_averaged(denoiser.text_encoder, denoiser.average, "text_encoder"),
        tokenizer=denoiser.tokenizer,
        unet=_averaged(denoiser.unet, denoiser.average, "unet"),
        scheduler=denoiser.scheduler,
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    unfinished = folder.with_name(folder.name + ".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    pipeline.save_pretrained(unfinished, safe_serialization=True, max_shard_size="16MB")
    shutil.copytree(tokenizer_folder, unfinished / "tokenizer", dirs_exist_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    unfinished.rename(folder)


def _averaged(model: Model, average: MovingAverage, name: str) -> Model:
    averaged = copy.deepcopy(model)
    averaged.load_state_dict(average.weights(name))
    return _half(averaged)


def _half(model: Model) -> Model:
    return copy.deepcopy(model).to("cpu", torch.float16)
