"""`python -m benchmarks.shallow_steps REPOSITORY ID`: what a shallow step of a UNet costs.

The model has been exported with `--cache-interval`. Its two graphs are called in turns, so other
loads of the machine meet both, in their own engine and outside Triton.
"""

import argparse
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.turns import Call, taking_turns
from export.contracts import Role
from export.engines import load_engine
from export.request import Engine, Precision
from export.samples import Samples, shape_of
from retouch.releases.configs import read_config

TIMESTEP = 500.0
GRAPHS = {Engine.ONNXRUNTIME: "model.onnx", Engine.OPENVINO: "model.xml"}


def main() -> None:
    """Measure and print the table."""
    options = _parser().parse_args()
    calls = [
        _call(options.repository / role.model_name(options.id), options.rows)
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


def _call(folder: Path, rows: int) -> Call:
    config = read_config(folder / "config.pbtxt")
    engine = Engine(config.backend)
    graph = folder / "1" / GRAPHS[engine]
    loaded = load_engine(engine, graph, config, Precision.FP32)  # the config says in what
    samples: Samples = {}
    for tensor in config.input:
        shape = shape_of(tensor, config, rows, chunks=1)
        fill = TIMESTEP if tensor.name == "TIMESTEP" else 0.5
        samples[tensor.name] = np.full(shape, fill, np.float32)
    return partial(loaded.run, samples, [tensor.name for tensor in config.output])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.shallow_steps")
    parser.add_argument("repository", type=Path, help="of models, as `retouch export` writes it")
    parser.add_argument("id", help="the model's name")
    parser.add_argument("--rows", type=int, default=2, help="of a call; a guided image has two")
    parser.add_argument("--repetitions", type=int, default=5)
    return parser


if __name__ == "__main__":
    main()
