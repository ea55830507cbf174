"""`python -m benchmarks.perf_analyzer`: Triton alone under NVIDIA's perf_analyzer.

First so many clients each of which sends its next edit when its last is answered, then edits that
come at random moments, at shares of the highest throughput that the clients reached.
"""

import argparse
import asyncio
import json
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from benchmarks.perf_analyzer.inputs import write_inputs
from benchmarks.perf_analyzer.outcome import Outcome
from benchmarks.perf_analyzer.program import Load, PerfAnalyzer
from benchmarks.perf_analyzer.table import outcome_table
from tests.e2e.product import Product, running
from tests.e2e.statistics import executions

SHARES = (0.5, 0.8)
DIFFERENT_EDITS = 8


def main() -> None:
    """Start the product, run every load, print the table and write it as JSON."""
    options = _parser().parse_args()
    analyzer = PerfAnalyzer(Path("build/perf_analyzer"))
    repositories = [Path("model_repository"), *options.model_repository]
    with tempfile.TemporaryDirectory() as home, running(Path(home), repositories) as product:
        inputs = Path(home) / "inputs.json"
        work = (options.model, options.resolution, options.steps, options.images)
        write_inputs(inputs, *work, DIFFERENT_EDITS)
        found = list(_sweep(analyzer, product, inputs, options))
    Console().print(outcome_table(found, options.model, options.images, options.steps))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps([asdict(load) | asdict(end) for load, end in found]))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.perf_analyzer", description=__doc__)
    parser.add_argument("--model-repository", type=Path, action="append", default=[])
    parser.add_argument("--model", default="retouch-mini")
    parser.add_argument("--resolution", type=int, default=256, help="the model's, in pixels")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--images", type=int, default=1, help="pictures of an edit")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 2, 4, 8])
    parser.add_argument("--requests", type=int, default=24, help="edits of each load")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/perf_analyzer.json"))
    return parser


def _sweep(
    analyzer: PerfAnalyzer, product: Product, inputs: Path, options: argparse.Namespace
) -> Iterator[tuple[Load, Outcome]]:
    def run(load: Load) -> Outcome:
        unet = f"{options.model}.unet"
        before = asyncio.run(executions(product.triton, unet))
        requests = analyzer.run(product.triton, options.model, inputs, load)
        return Outcome.of(requests, asyncio.run(executions(product.triton, unet)) - before)

    run(Load(max(options.clients), 0, options.requests))  # first calls of a batch size are slow
    peak = 0.0
    for clients in options.clients:
        load = Load(clients, 0, options.requests)
        outcome = run(load)
        peak = max(peak, outcome.edits_per_second)
        yield load, outcome
    for share in SHARES:
        load = Load(0, share * peak, options.requests)
        yield load, run(load)


if __name__ == "__main__":
    main()
