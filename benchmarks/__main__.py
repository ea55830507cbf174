"""`python -m benchmarks [PART ...]`: what the product does, in one table.

engines        the model's graphs alone, without Triton or HTTP
clients        1, 2, 4, ... clients, each with one edit at a time
images         1 to 10 images of an edit
sizes          pictures of 256 to 1024 pixels
arrivals       edits at random moments, at shares of the highest throughput
perf_analyzer  Triton alone under NVIDIA's perf_analyzer
aiperf         the product under aiperf
peers          what else could be used, with the checkpoint of --checkpoint

Without parts the first five; with --full all, and more of each.
"""

import argparse
import shlex
import sys
from collections import defaultdict
from pathlib import Path

from rich.console import Console

from benchmarks.bench import PARTS, run
from benchmarks.plan import FULL, SHORT
from benchmarks.report.machine import Machine
from benchmarks.report.row import Row
from benchmarks.report.table import results_table
from benchmarks.report.write import write
from benchmarks.setting import Setting

TABLE_WIDTH = 160  # where it is not written to a terminal


def main() -> None:
    """Measure, print the table, and write the results with their plots."""
    options = _parser().parse_args()
    setting = _setting(options)
    parts = options.parts or setting.plan.parts
    results: dict[str, list[Row]] = defaultdict(list)
    for part, row in run(setting, parts, options.checkpoint):
        results[part].append(row)
        print(f"{part}: {row.load} {row.failure}", file=sys.stderr)  # noqa: T201 - progress
    machine = Machine.here()
    console = Console() if sys.stdout.isatty() else Console(width=TABLE_WIDTH)
    console.print(results_table(results, machine))
    for file in write(results, machine, options.out):
        console.print(f"Written: {file}")


def _setting(options: argparse.Namespace) -> Setting:
    return Setting(
        model=options.model,
        repositories=options.model_repository,
        steps=options.steps,
        side=options.side,
        plan=FULL if options.full else SHORT,
        options=_repeated(options),
    )


def _repeated(options: argparse.Namespace) -> str:
    """What has to be said again to measure the same."""
    defaults = _parser().parse_args([])
    words = ["--full"] if options.full else []
    for name in ("model", "side", "steps"):
        if getattr(options, name) != getattr(defaults, name):
            words += [f"--{name}", str(getattr(options, name))]
    for repository in options.model_repository[len(defaults.model_repository) :]:
        words += ["--model-repository", str(repository)]
    return shlex.join(words)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", metavar="PART", choices=PARTS)
    parser.add_argument("--full", action="store_true", help="the long form")
    parser.add_argument("--checkpoint", type=Path, help="for peers: a diffusers folder")
    parser.add_argument(
        "--model-repository", type=Path, action="append", default=[Path("model_repository")]
    )
    parser.add_argument("--model", default="retouch-mini")
    parser.add_argument("--side", type=int, choices=SHORT.sides, default=256, help="of pictures")
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"), help="a folder")
    return parser


if __name__ == "__main__":
    main()
