"""diffusers as its documentation runs it: TASK TYPE [compile]."""

import sys

import torch
from diffusers import StableDiffusionInpaintPipeline

from benchmarks.peers.programs.pipelines import painter
from benchmarks.peers.programs.task import Task, measure


def main() -> None:
    """Load the checkpoint and do the task."""
    task = Task.from_command_line()
    torch.set_num_threads(task.threads)
    pipeline = StableDiffusionInpaintPipeline.from_pretrained(
        task.model, dtype=getattr(torch, sys.argv[2])
    ).to("cuda" if torch.cuda.is_available() else "cpu")
    if "compile" in sys.argv[3:]:
        # A graph for each batch size: one for all of them is slower.
        pipeline.unet = torch.compile(pipeline.unet, dynamic=False)
    measure(task, painter(pipeline, task))


if __name__ == "__main__":
    main()
