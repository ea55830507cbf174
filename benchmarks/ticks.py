"""`python -m benchmarks.ticks`: what a step costs beside the UNet, with a stand-in for the UNet.

`rows`: the UNet's inputs are made; stacked anew, as at a step at which somebody joins or leaves,
and with what the last step has left. `scheduler`: every image takes its step. Medians and
quartiles; the calls of one line alternate, so other loads of the machine meet all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.turns import Call, taking_turns
from retouch.denoise import Edit, Model, UNetOutputs
from retouch.denoise.conditioning import Conditioning
from retouch.denoise.live_image import LiveImage
from retouch.denoise.rows import Batch, split_rows
from retouch.schedulers import load_scheduler

REPETITIONS = 100
LATENT_CHANNELS, LATENT_FACTOR, TOKENS = 4, 8, 77


@dataclass(frozen=True)
class Checkpoint:
    """The numbers that decide how much is copied."""

    name: str
    resolution: int
    embedding_width: int
    pooled_width: int


CHECKPOINTS = (
    Checkpoint("SD 1.5", 256, 768, 0),
    Checkpoint("SD 1.5", 512, 768, 0),
    Checkpoint("SDXL", 1024, 2048, 1280),
)


def main() -> None:
    """Measure all and print the table."""
    table = Table("size of", "pixels", "rows", "rows anew ms", "rows kept ms", "ratio")
    table.add_column("scheduler ms")
    for checkpoint in CHECKPOINTS:
        for count in (1, 4, 16):
            images = _images(checkpoint, count)
            anew, kept, scheduler = taking_turns(_calls(images, checkpoint.resolution), REPETITIONS)
            table.add_row(
                checkpoint.name,
                str(checkpoint.resolution),
                str(2 * count),
                _spread(anew),
                _spread(kept),
                f"{median(anew) / median(kept):.0f}",
                _spread(scheduler),
            )
    Console().print(table)


def _calls(images: Sequence[LiveImage], resolution: int) -> list[Call]:
    batch = Batch(images, resolution)
    predictions = np.zeros((2 * len(images), *images[0].scaled_latents().shape), np.float32)
    outputs = UNetOutputs(predictions)

    def advance() -> None:
        for image, own in split_rows(images, outputs):
            image.advance(own)

    return [lambda: Batch(images, resolution).rows(), batch.rows, advance]


def _spread(seconds: Sequence[float]) -> str:
    """In milliseconds."""
    low, middle, high = (1000 * value for value in quantiles(seconds, n=4))
    return f"{middle:.2f} ({low:.2f}-{high:.2f})"


def _images(checkpoint: Checkpoint, count: int) -> list[LiveImage]:
    """Guided images of an inpainting checkpoint."""
    model = Model(
        resolution=checkpoint.resolution,
        latent_channels=LATENT_CHANNELS,
        latent_factor=LATENT_FACTOR,
        unet_channels=2 * LATENT_CHANNELS + 1,
        scheduler=load_scheduler({"_class_name": "DDIMScheduler", "clip_sample": False}),
        max_rows=2 * count,
        added_conditioning=checkpoint.pooled_width > 0,
    )
    edit = Edit(
        image=np.zeros((checkpoint.resolution, checkpoint.resolution, 3), np.uint8),
        mask=np.zeros((checkpoint.resolution, checkpoint.resolution), np.uint8),
        prompt="",
        negative_prompt="",
        seeds=tuple(range(count)),
        steps=2 * REPETITIONS,
        guidance=7.5,
        strength=1.0,
    )
    return [LiveImage(edit, index, model, _conditioning(checkpoint)) for index in range(count)]


def _conditioning(checkpoint: Checkpoint) -> Conditioning:
    side = checkpoint.resolution // LATENT_FACTOR
    pooled = np.ones((2, checkpoint.pooled_width), np.float32)
    return Conditioning(
        embeddings=np.ones((2, TOKENS, checkpoint.embedding_width), np.float32),
        pooled=pooled if checkpoint.pooled_width else None,
        mask=np.ones((1, side, side), np.float32),
        masked_latents=np.ones((LATENT_CHANNELS, side, side), np.float32),
        known_latents=None,
    )


if __name__ == "__main__":
    main()
