"""`python -m training --out DIR`: draws, trains and writes the built-in checkpoint."""

import argparse
import logging
import sys
from pathlib import Path

import torch

from training.allocator import restart_with_settings
from training.recipe import CPU, CPU_ON, GPU
from training.stages import train


def main(arguments: list[str]) -> None:
    """Run all stages, each from where it was left."""
    options = _parser().parse_args(arguments)
    device = torch.device(options.device)
    if device.type == "cpu":
        restart_with_settings(["training", *arguments])
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    on_cpu = CPU_ON if options.start else CPU
    train(options.out, device, on_cpu if device.type == "cpu" else GPU, options.start)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder of checkpoints and results")
    default = "cuda" if torch.cuda.is_available() else "cpu"
    parser.add_argument("--device", default=default, help=f"cpu or cuda (here: {default})")
    parser.add_argument(
        "--from",
        dest="start",
        type=Path,
        help="a checkpoint of the same sizes to begin with, such as training/checkpoint",
    )
    return parser


if __name__ == "__main__":
    main(sys.argv[1:])
