"""`python -m benchmarks.perf_analyzer`: Triton alone under NVIDIA's perf_analyzer.

First so many clients each of which sends its next edit when its last is answered, then edits that
come at random moments, at shares of the highest throughput that the clients reached.
"""

import argparse
import json
import tempfile
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from benchmarks.load import Work
from benchmarks.perf_analyzer.program import PerfAnalyzer
from benchmarks.perf_analyzer.sweep import sweep
from benchmarks.perf_analyzer.table import outcome_table
from tests.e2e.product import running


def main() -> None:
    """Start the product, run every load, print the table and write it as JSON."""
    options = _parser().parse_args()
    analyzer = PerfAnalyzer()
    work = Work(options.model, options.resolution, options.steps, options.requests, options.images)
    repositories = [Path("model_repository"), *options.model_repository]
    with tempfile.TemporaryDirectory() as home, running(Path(home), repositories) as product:
        found = list(sweep(analyzer, product, work, options.clients))
    Console().print(outcome_table(found, work))
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


if __name__ == "__main__":
    main()
