"""`python -m training.evaluate CHECKPOINT`: the table of measures and a grid of edits."""

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

import torch
from diffusers import StableDiffusionInpaintPipeline

from training.allocator import restart_with_settings
from training.edits import GUIDANCE, GUIDANCE_END, STEPS, edit
from training.evaluate import checks
from training.evaluate.colours import Picture
from training.evaluate.report import Line, table
from training.grid import save_grid
from training.models import RESOLUTION
from training.reuse import features_passing, reusing
from training.scenes import Scene

_SHOWN = 12


def main(arguments: list[str]) -> None:
    """Measure, print the table, and write it and the grid beside each other."""
    options = _parser().parse_args(arguments)
    if options.device == "cpu":
        restart_with_settings(["training.evaluate", *arguments])
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    report = table(_measure(options))
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "evaluation.md").write_text(report, "utf-8")
    save_grid(options.checkpoint, options.out / "evaluation.png", _SHOWN)
    logging.getLogger("training").info(report)


def _measure(options: argparse.Namespace) -> list[Line]:
    pipeline = (
        StableDiffusionInpaintPipeline.from_pretrained(options.checkpoint)
        .to(torch.float32)
        .to(options.device)
    )

    def fill(scenes: Sequence[Scene], prompts: Sequence[str] | None) -> list[Picture]:
        guidance, end = options.guidance, options.guidance_end
        return edit(pipeline, scenes, prompts, options.steps, guidance, end)

    part, side = options.part, options.side
    with features_passing(pipeline.unet, reusing(options.cache_interval, options.steps)):
        return [
            *checks.check_autoencoder(pipeline.vae, max(4, int(60 * part)), side),
            *checks.check_objects(fill, max(8, int(240 * part)), side),
            *checks.check_textures(fill, max(8, int(160 * part)), side),
            *checks.check_removal(fill, max(8, int(120 * part)), side),
            *checks.check_prompts(fill, max(8, int(60 * part)), side),
        ]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.evaluate", description=__doc__)
    parser.add_argument("checkpoint", type=Path, help="folder of a diffusers inpainting pipeline")
    parser.add_argument("--out", type=Path, default=Path(), help="where table and grid go")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument(
        "--cache-interval", type=int, default=1, help="as of `retouch export`; the grid is without"
    )
    parser.add_argument("--side", type=int, default=RESOLUTION, help="pixels a side of the scenes")
    parser.add_argument("--guidance", type=float, default=GUIDANCE)
    parser.add_argument(
        "--guidance-end", type=float, default=GUIDANCE_END, help="share of guided steps"
    )
    parser.add_argument(
        "--part", type=float, default=1.0, help="share of the cases, for a quick look"
    )
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return parser


if __name__ == "__main__":
    main(sys.argv[1:])
