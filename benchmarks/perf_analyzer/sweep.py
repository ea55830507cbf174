"""All loads of perf_analyzer, one after the other."""

import asyncio
from collections.abc import Iterator, Sequence

from benchmarks.load import Work
from benchmarks.perf_analyzer.inputs import write_inputs
from benchmarks.perf_analyzer.outcome import Outcome
from benchmarks.perf_analyzer.program import Load, PerfAnalyzer
from tests.e2e.product import Product
from tests.e2e.statistics import executions

SHARES = (0.5, 0.8)
DIFFERENT_EDITS = 8


def sweep(
    analyzer: PerfAnalyzer, product: Product, work: Work, clients: Sequence[int]
) -> Iterator[tuple[Load, Outcome]]:
    """So many clients, then edits at random moments at shares of the clients' peak.

    Args:
        analyzer: the program.
        product: runs already; its Triton is asked.
        work: of each load; its `side` is the model's working resolution.
        clients: how many there are in each of the first loads.
    """
    inputs = product.home / "inputs.json"
    write_inputs(inputs, work, DIFFERENT_EDITS)

    def run(load: Load) -> Outcome:
        unet = f"{work.model}.unet"
        before = asyncio.run(executions(product.triton, unet))
        requests = analyzer.run(product.triton, work.model, inputs, load)
        return Outcome.of(requests, work, asyncio.run(executions(product.triton, unet)) - before)

    run(Load(max(clients), 0, work.edits))  # first calls of a batch size are slow
    peak = 0.0
    for count in clients:
        load = Load(count, 0, work.edits)
        outcome = run(load)
        peak = max(peak, outcome.whole.edits_per_second)
        yield load, outcome
    for share in SHARES:
        load = Load(0, share * peak, work.edits)
        yield load, run(load)
