"""The parts of `python -m benchmarks`, in their order."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import httpx

from benchmarks.environments import ProgramFailed
from benchmarks.load import CLIENTS_AT_PEAK, measure
from benchmarks.parts import rows
from benchmarks.parts.peers import run_peers
from benchmarks.report.row import Row
from benchmarks.served import served
from benchmarks.setting import Setting
from retouch.backends.engine import EngineError
from tests.e2e.product import Product

OF_PRODUCT: Final[Mapping[str, Callable[[Setting, Product], Iterator[Row]]]] = {
    "clients": rows.clients_rows,
    "images": rows.images_rows,
    "sizes": rows.sizes_rows,
    "arrivals": rows.arrivals_rows,
    "perf_analyzer": rows.perf_analyzer_rows,
    "aiperf": rows.aiperf_rows,
}
"""The parts for which the product has to run."""
PARTS: Final = ("engines", *OF_PRODUCT, "peers")


def run(
    setting: Setting, parts: Sequence[str], checkpoint: Path | None
) -> Iterator[tuple[str, Row]]:
    """Measure parts; each row, with the name of its part, as soon as it is there.

    Args:
        setting: what is measured.
        parts: names of the parts.
        checkpoint: for the peers, a diffusers folder; None = they are left out.
    """
    if "engines" in parts:
        yield from _named("engines", setting, rows.engine_rows(setting))
    if any(part in parts for part in OF_PRODUCT):
        with served(setting.repositories, setting.triton) as product:
            # First calls of a batch size are slow.
            asyncio.run(measure(product, setting.work(CLIENTS_AT_PEAK), CLIENTS_AT_PEAK))
            for part, rows_of in OF_PRODUCT.items():
                if part in parts:
                    yield from _named(part, setting, rows_of(setting, product))
    if "peers" in parts and checkpoint:
        yield from _named("peers", setting, run_peers(checkpoint))


def _named(part: str, setting: Setting, found: Iterable[Row]) -> Iterator[tuple[str, Row]]:
    """Name the rows' part; if it fails, its last row says why."""
    try:
        for row in found:
            yield part, row
    except (ProgramFailed, EngineError, httpx.HTTPError) as error:
        yield part, setting.row(part, part, failure=str(error))
