"""Loads by other people's programs, before the running product."""

import asyncio
from collections.abc import Iterator, Sequence

from benchmarks.aiperf.program import Aiperf, measurement_of
from benchmarks.load import Work
from benchmarks.measurement import Measurement
from benchmarks.perf_analyzer.program import Load, PerfAnalyzer
from benchmarks.perf_analyzer.sweep import sweep
from tests.e2e.product import Product
from tests.e2e.statistics import executions


def run_perf_analyzer(
    product: Product, work: Work, clients: Sequence[int]
) -> Iterator[tuple[Load, Measurement]]:
    """Triton alone, over gRPC; the work's side is the model's working resolution.

    Raises:
        ProgramFailed: perf_analyzer cannot be had, or has failed.
    """
    for load, outcome in sweep(PerfAnalyzer(), product, work, clients):
        yield load, outcome.whole


def run_aiperf(
    product: Product, work: Work, clients: Sequence[int]
) -> Iterator[tuple[Load, Measurement]]:
    """The whole product, over HTTP.

    Raises:
        ProgramFailed: aiperf cannot be had, or has failed.
    """
    aiperf, unet = Aiperf(), f"{work.model}.unet"
    for count in clients:
        before = asyncio.run(executions(product.triton, unet))
        notes = aiperf.run(product, work, count)
        calls = asyncio.run(executions(product.triton, unet)) - before
        yield Load(count, 0, work.edits), measurement_of(notes, work, calls)
