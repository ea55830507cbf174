"""openvino-genai, from a folder that `optimum-cli export openvino --task inpainting` has written.

It takes one picture at a time, and computes in bf16 where the CPU has it.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import openvino
import openvino_genai
from PIL import Image

from benchmarks.peers.programs.task import Pictures, Task, measure

INPAINTING_CHANNELS = 9  # noisy latents, mask and masked picture: what the pipeline looks for


def main() -> None:
    """Load the models, for pictures of one size, and do the task."""
    task = Task.from_command_line()
    _check_channels(Path(task.model))
    with Image.open(task.pictures[0]) as first:
        width, height = first.size
    pipeline = openvino_genai.InpaintingPipeline(task.model)
    pipeline.reshape(1, height, width, task.guidance)
    pipeline.compile("CPU", INFERENCE_NUM_THREADS=task.threads)

    def paint(
        pictures: Pictures, masks: Pictures, prompts: Sequence[str], steps: int
    ) -> list[Image.Image]:
        asked = replace(task, steps=steps)
        edits = zip(prompts, pictures, masks, strict=True)
        return [_painted(pipeline, asked, seed, *edit) for seed, edit in enumerate(edits)]

    measure(task, paint)


def _check_channels(model: Path) -> None:
    """With any other number the pipeline mixes latents, which is another task.

    Raises:
        ValueError: The converted network or its configuration has another number.
    """
    unet = openvino.Core().read_model(model / "unet" / "openvino_model.xml")
    taken = unet.input("sample").get_partial_shape()[1].get_length()
    said = json.loads((model / "unet" / "config.json").read_text())["in_channels"]
    if not taken == said == INPAINTING_CHANNELS:
        raise ValueError(f"the UNet takes {taken} channels and its configuration says {said}")


def _painted(
    pipeline: openvino_genai.InpaintingPipeline,
    task: Task,
    seed: int,
    prompt: str,
    picture: Image.Image,
    mask: Image.Image,
) -> Image.Image:
    found = pipeline.generate(
        prompt,
        _tensor(picture),
        _tensor(mask.convert("RGB")),
        width=picture.width,
        height=picture.height,
        num_inference_steps=task.steps,
        guidance_scale=task.guidance,
        strength=1.0,
        generator=openvino_genai.TorchGenerator(seed),
    )
    return Image.fromarray(found.data[0])


def _tensor(picture: Image.Image) -> openvino.Tensor:
    return openvino.Tensor(np.asarray(picture)[None])


if __name__ == "__main__":
    main()
