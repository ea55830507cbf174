"""`python -m benchmarks`: latency, throughput and shared steps of edits through HTTP."""

import argparse
import asyncio
import json
import os
import platform
import tempfile
from dataclasses import asdict
from pathlib import Path
from statistics import median, quantiles

from rich.console import Console
from rich.table import Table

from benchmarks.load import Work, measure
from benchmarks.measurement import Measurement
from tests.e2e.product import Product, running

CONCURRENCIES = (1, 2, 4, 8)
RESULTS = Path(__file__).parent / "results"


def main() -> None:
    """Start the product, run every load, print the table and write it as JSON."""
    arguments = _arguments()
    work = Work(arguments.model, arguments.side, arguments.steps, arguments.edits)
    with (
        tempfile.TemporaryDirectory() as home,
        running(Path(home), arguments.model_repository) as product,
    ):
        measurements = asyncio.run(_measure_all(product, work))
    Console().print(_table(measurements, work))
    _write(measurements, work)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--model-repository", type=Path, action="append", default=[Path("model_repository")]
    )
    parser.add_argument("--model", default="retouch-mini")
    parser.add_argument("--side", type=int, default=256, help="size of picture and result")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--edits", type=int, default=16, help="edits at each concurrency")
    return parser.parse_args()


async def _measure_all(product: Product, work: Work) -> list[Measurement]:
    await measure(product, work, max(CONCURRENCIES))  # first calls of every batch size are slow
    return [await measure(product, work, concurrency) for concurrency in CONCURRENCIES]


def _table(measurements: list[Measurement], work: Work) -> Table:
    title = f"{work.model}, {work.side} px, {work.steps} steps, {os.cpu_count()} cores"
    table = Table(
        "clients",
        "median s",
        "quartiles s",
        "edits/s",
        "throughput / 1 client's",
        "images per UNet call",
        title=title,
    )
    alone = measurements[0].edits_per_second
    for concurrency, m in zip(CONCURRENCIES, measurements, strict=True):
        low, _, high = quantiles(m.latencies, n=4)
        table.add_row(
            str(concurrency),
            f"{median(m.latencies):.2f}",
            f"{low:.2f} - {high:.2f}",
            f"{m.edits_per_second:.2f}",
            f"{m.edits_per_second / alone:.2f}",
            f"{m.images_per_call:.2f}",
        )
    return table


def _write(measurements: list[Measurement], work: Work) -> None:
    RESULTS.mkdir(exist_ok=True)
    result = {
        "machine": {"processor": platform.processor(), "cores": os.cpu_count()},
        "work": asdict(work),
        "measurements": [asdict(measurement) for measurement in measurements],
    }
    path = RESULTS / f"{work.model}.json"
    path.write_text(json.dumps(result, indent=1) + "\n")
    Console().print(f"Written to {path.relative_to(Path.cwd())}")


if __name__ == "__main__":
    main()
