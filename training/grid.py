"""A picture of edits, to look at while a training runs: hole, truth and result of a few scenes."""

from pathlib import Path
from typing import Final

import numpy as np
import torch
from diffusers import StableDiffusionInpaintPipeline
from numpy.typing import NDArray
from PIL import Image

from training.edits import edit
from training.scenes import Scene, draw_scene

SEED: Final = 7_000_001
_TASKS: Final = ("object", "removal", "object", "material", "object", "pattern")
_STEPS: Final = 8


def save_grid(checkpoint: Path, path: Path, count: int) -> None:
    """Edit `count` held-out scenes with a checkpoint; each column is hole, truth and result."""
    pipeline = StableDiffusionInpaintPipeline.from_pretrained(checkpoint).to(torch.float32)
    tasks = [_TASKS[number % len(_TASKS)] for number in range(count)]
    scenes = [draw_scene(SEED, number, task=task) for number, task in enumerate(tasks)]
    edited = edit(pipeline, scenes, steps=_STEPS)
    columns = [_column(scene, result) for scene, result in zip(scenes, edited, strict=True)]
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.concatenate(columns, 1)).reduce(2).save(path)


def _column(scene: Scene, result: NDArray[np.uint8]) -> NDArray[np.uint8]:
    opened = np.where(scene.hole[..., None], np.uint8(127), scene.image)
    return np.concatenate([opened, scene.image, result])
