"""The rows that each part adds to the table."""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import replace

from benchmarks.load import CLIENTS_AT_PEAK, measure
from benchmarks.measurement import Measurement
from benchmarks.parts.arrivals import run_arrivals
from benchmarks.parts.closed import (
    ClosedLoad,
    clients_loads,
    images_loads,
    run_closed,
    sizes_loads,
)
from benchmarks.parts.engines import run_engines
from benchmarks.parts.programs import run_aiperf, run_perf_analyzer
from benchmarks.perf_analyzer.program import Load
from benchmarks.report.row import Row
from benchmarks.setting import Setting
from tests.e2e.product import Product


def engine_rows(setting: Setting) -> Iterator[Row]:
    """Each graph alone; "images" are rows, of which a guided image has two in the UNet."""
    for load, found in run_engines(setting.repository, setting.model):
        yield setting.row("engines", load, varied=load.rows, series=load.role, measurement=found)


def clients_rows(setting: Setting, product: Product) -> Iterator[Row]:
    """More and more clients."""
    loads = clients_loads(setting.work(setting.plan.edits), setting.plan.clients)
    return _closed_rows("clients", setting, product, loads)


def images_rows(setting: Setting, product: Product) -> Iterator[Row]:
    """More and more images of an edit."""
    loads = images_loads(setting.work(setting.plan.edits), setting.plan.images)
    return _closed_rows("images", setting, product, loads)


def sizes_rows(setting: Setting, product: Product) -> Iterator[Row]:
    """Larger and larger pictures."""
    loads = sizes_loads(setting.work(setting.plan.edits), setting.plan.sides)
    return _closed_rows("sizes", setting, product, loads)


def _closed_rows(
    part: str, setting: Setting, product: Product, loads: Iterable[ClosedLoad]
) -> Iterator[Row]:
    for load, found, stages in run_closed(product, setting.model, loads):
        yield setting.row(
            part,
            load,
            varied=load.varied,
            series=load.series,
            measurement=found,
            stages=stages,
        )


def arrivals_rows(setting: Setting, product: Product) -> Iterator[Row]:
    """Edits at random moments, at shares of the peak."""
    work = setting.work(setting.plan.arrivals)
    peak = asyncio.run(measure(product, work, CLIENTS_AT_PEAK)).edits_per_second
    for load, found in run_arrivals(product, work, peak, setting.plan.shares):
        words = f"{load}, {setting.steps} steps"
        yield setting.row("arrivals", words, varied=load.share, measurement=found)


def perf_analyzer_rows(setting: Setting, product: Product) -> Iterator[Row]:
    """Triton alone."""
    work = replace(setting.work(setting.plan.edits), side=setting.resolution)
    found = run_perf_analyzer(product, work, setting.plan.program_clients)
    return _program_rows("perf_analyzer", setting, found)


def aiperf_rows(setting: Setting, product: Product) -> Iterator[Row]:
    """The product under another program's load."""
    found = run_aiperf(product, setting.work(setting.plan.edits), setting.plan.program_clients)
    return _program_rows("aiperf", setting, found)


def _program_rows(
    part: str, setting: Setting, found: Iterable[tuple[Load, Measurement]]
) -> Iterator[Row]:
    for load, measurement in found:
        words = f"{load}, {setting.steps} steps"
        yield setting.row(part, words, varied=load.clients, measurement=measurement)
