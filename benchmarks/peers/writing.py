"""Writes the task that everybody gets."""

import argparse
import os
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.peers.programs.task import Task


def write_task(options: argparse.Namespace, folder: Path) -> Task:
    """Smooth random pictures and masks in a folder, as the command line's options say."""
    rng = np.random.default_rng(5)
    pictures, masks = [], []
    for number in range(options.edits):
        noise = Image.fromarray(rng.integers(0, 256, (16, 16, 3), np.uint8))
        size = (options.side, options.side)
        picture, mask = folder / f"{number}.png", folder / f"{number}-mask.png"
        noise.resize(size, Image.Resampling.BICUBIC).save(picture)
        _mask(options.side, options.mask).save(mask)
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


def _mask(side: int, share: float) -> Image.Image:
    """White in a square in the middle."""
    hole = round(side * share**0.5)
    start = (side - hole) // 2
    mask = Image.new("L", (side, side), 0)
    mask.paste(255, (start, start, start + hole, start + hole))
    return mask
