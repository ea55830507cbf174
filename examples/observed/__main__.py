"""`python -m examples.observed`: the documentation's pictures of a dashboard and of a trace.

A real product under mixed load is scraped by a real Prometheus (Debian's package) with the
repository's configuration, and sends its traces. Grafana and Jaeger draw the same on a server; here
matplotlib does.
"""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

import httpx

from benchmarks.soak.load import Tally, send_load
from benchmarks.soak.visitor import Keys, Visitor
from examples.observed.collector import collecting
from examples.observed.dashboard import draw_dashboard
from examples.observed.prometheus import watching
from examples.observed.span import Span
from examples.observed.trace import draw_trace, telling_trace
from tests.e2e.product import Product, create_key, running

FOLDER = Path("docs/images/telemetry")
RATES = (0.4, 1.2, 2.5, 0.6)  # exchanges a second, one part of the run after the other
REQUEST_SECONDS = 120
TRACE_SECONDS = 10  # until the last spans have come


def main() -> None:
    """Run, watch, draw."""
    parser = argparse.ArgumentParser(prog="python -m examples.observed", description=__doc__)
    parser.add_argument("--minutes", type=float, default=12)
    minutes = parser.parse_args().minutes
    FOLDER.mkdir(parents=True, exist_ok=True)
    spans: list[Span] = []
    with tempfile.TemporaryDirectory() as folder, collecting(spans) as collector:
        traced = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector}
        home = Path(folder) / "home"
        with running(home, [Path("model_repository")], environment=traced) as product:
            _watch(product, Path(folder), 60 * minutes)
    draw_trace(telling_trace(spans), FOLDER / "trace.png")


def _watch(product: Product, folder: Path, seconds: float) -> None:
    with watching(folder, product.metrics) as prometheus:
        began = time.time()
        asyncio.run(_load(product, seconds))
        draw_dashboard(prometheus, began, time.time(), FOLDER / "dashboard.png")
    time.sleep(TRACE_SECONDS)


async def _load(product: Product, seconds: float) -> None:
    keys = Keys([product.key], create_key(product.home, "--requests-per-minute", "2"))
    async with httpx.AsyncClient(base_url=product.url, timeout=REQUEST_SECONDS) as http:
        for rate in RATES:
            await send_load(Visitor(http, keys), Tally(), rate, seconds / len(RATES))


if __name__ == "__main__":
    main()
