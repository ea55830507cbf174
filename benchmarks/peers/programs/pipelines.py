"""How pipelines of diffusers, and those made like them, are asked to paint."""

from collections.abc import Sequence
from typing import Any

import torch
from PIL import Image

from benchmarks.peers.programs.task import Paint, Pictures, Task


def painter(pipeline: Any, task: Task) -> Paint:
    """All pictures of a round in one call, each with noise of its own."""
    pipeline.set_progress_bar_config(disable=True)

    def paint(
        pictures: Pictures, masks: Pictures, prompts: Sequence[str], steps: int
    ) -> list[Image.Image]:
        width, height = pictures[0].size
        painted: list[Image.Image] = pipeline(
            prompt=list(prompts),
            image=list(pictures),
            mask_image=list(masks),
            width=width,
            height=height,
            num_inference_steps=steps,
            guidance_scale=task.guidance,
            generator=[torch.Generator().manual_seed(k) for k, _ in enumerate(pictures)],
        ).images
        return painted

    return paint
