"""Writes the task that everybody gets."""

import argparse
import os
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops

from benchmarks.peers.programs.task import Task
from benchmarks.pictures import mask_of


def write_task(options: argparse.Namespace, folder: Path) -> Task:
    """Smooth random pictures and masks in a folder, as the command line's options say."""
    rng = np.random.default_rng(5)
    pictures, masks = [], []
    for number in range(options.edits):
        noise = Image.fromarray(rng.integers(0, 256, (16, 16, 3), np.uint8))
        size = (options.side, options.side)
        picture, mask = folder / f"{number}.png", folder / f"{number}-mask.png"
        noise.resize(size, Image.Resampling.BICUBIC).save(picture)
        opaque = mask_of(options.side, options.mask).getchannel("A")
        ImageChops.invert(opaque).save(mask)  # white where it is to be repainted
        pictures.append(str(picture))
        masks.append(str(mask))
    return Task(
        model=str(options.checkpoint.resolve()),
        pictures=tuple(pictures),
        masks=tuple(masks),
        prompts=tuple(f"a photograph number {number}" for number in range(options.edits)),
        steps=options.steps,
        guidance=options.guidance,
        rounds=options.rounds,
        threads=len(os.sched_getaffinity(0)),
    )
