"""The command line of `python -m benchmarks`."""

import argparse
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.bench import PARTS
from benchmarks.plan import FULL, SHORT
from benchmarks.served import Triton
from benchmarks.setting import Setting

_BUILT_IN: Final = Path("model_repository")
_DEFAULTS: Final = {"model": "retouch-mini", "side": 256, "steps": 8}


def parse(
    description: str | None = None, arguments: Sequence[str] | None = None
) -> argparse.Namespace:
    """Read the command line, or `arguments` in its place."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", metavar="PART")
    parser.add_argument("--full", action="store_true", help="the long form")
    parser.add_argument("--checkpoint", type=Path, help="for peers: a diffusers folder")
    parser.add_argument("--model-repository", type=Path, action="append", default=[])
    parser.add_argument("--model")
    parser.add_argument("--side", type=int, choices=SHORT.sides, help="of pictures, in pixels")
    parser.add_argument("--steps", type=int)
    parser.add_argument(
        "--triton", nargs=2, metavar=("HOST:PORT", "METRICS_URL"), help="one that runs already"
    )
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"), help="a folder")
    parser.set_defaults(**_DEFAULTS)
    options = parser.parse_args(arguments)
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    return options


def setting_of(options: argparse.Namespace) -> Setting:
    """What the options say is to be measured."""
    return Setting(
        model=options.model,
        repositories=[_BUILT_IN, *options.model_repository],
        steps=options.steps,
        side=options.side,
        plan=FULL if options.full else SHORT,
        triton=Triton(*options.triton) if options.triton else None,
        options=_repeated(options),
    )


def _repeated(options: argparse.Namespace) -> str:
    """What has to be said again to measure the same."""
    words = ["--full"] if options.full else []
    for repository in options.model_repository:
        words += ["--model-repository", str(repository)]
    for name, default in _DEFAULTS.items():
        if getattr(options, name) != default:
            words += [f"--{name}", str(getattr(options, name))]
    if options.triton:
        words += ["--triton", *options.triton]
    return shlex.join(words)
