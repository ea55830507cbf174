"""`python -m benchmarks.shallow_steps REPOSITORY ID`: what a shallow step of a UNet costs.

The model has been exported with `--cache-interval`. Its two graphs are called in turns, so other
loads of the machine meet both, as their backend loads them and outside Triton.
"""

import argparse
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.parts.engines import load_engine
from benchmarks.turns import Call, taking_turns
from export.contracts import Role
from export.samples import Samples, shape_of
from retouch.releases.configs import CONFIG_FILE, read_config

TIMESTEP = 500.0


def main() -> None:
    """Measure and print the table."""
    options = _parser().parse_args()
    calls = [
        _call(options.repository, role.model_name(options.id), options.rows)
        for role in (Role.UNET, Role.UNET_SHALLOW)
    ]
    taking_turns(calls, 1)  # first calls are slow
    whole, shallow = taking_turns(calls, options.repetitions)
    table = Table("rows", "whole s", "shallow s", "share", "least to most")
    shares = sorted(short / long for short, long in zip(shallow, whole, strict=True))
    table.add_row(
        str(options.rows),
        f"{median(whole):.3f}",
        f"{median(shallow):.3f}",
        f"{median(shallow) / median(whole):.3f}",
        f"{shares[0]:.3f} to {shares[-1]:.3f}",
    )
    Console().print(table)


def _call(repository: Path, name: str, rows: int) -> Call:
    engine, outputs = load_engine(repository, name)
    config = read_config(repository / name / CONFIG_FILE)
    samples: Samples = {}
    for tensor in config.input:
        shape = shape_of(tensor, config, rows, chunks=1)
        fill = TIMESTEP if tensor.name == "TIMESTEP" else 0.5
        samples[tensor.name] = np.full(shape, fill, np.float32)
    return partial(engine.run, samples, outputs)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.shallow_steps")
    parser.add_argument("repository", type=Path, help="of models, as `retouch export` writes it")
    parser.add_argument("id", help="the model's name")
    parser.add_argument("--rows", type=int, default=2, help="of a call; a guided image has two")
    parser.add_argument("--repetitions", type=int, default=5)
    return parser


if __name__ == "__main__":
    main()
