"""What is read of the product's metrics pages."""

import subprocess
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from unittest.mock import Mock

import pytest

from benchmarks import counters
from benchmarks.stages import Snapshot
from tests.e2e.product import Product

FRONTEND = """\
# TYPE retouch_stage_duration_seconds histogram
retouch_stage_duration_seconds_bucket{le="+Inf",stage="decode"} 2.0
retouch_stage_duration_seconds_sum{stage="decode"} 0.5
retouch_stage_duration_seconds_sum{stage="denoise"} 7.0
# TYPE retouch_queue_wait_seconds histogram
retouch_queue_wait_seconds_sum{model="mini"} 0.25
retouch_queue_wait_seconds_sum{model="other"} 0.5
"""
TRITON = """\
# TYPE retouch_loop_ticks_total counter
retouch_loop_ticks_total{model="mini"} 12
retouch_loop_ticks_total{model="other"} 99
# TYPE retouch_loop_max_rows gauge
retouch_loop_max_rows{model="mini"} 16
# TYPE nv_inference_count counter
nv_inference_count{model="mini",version="1"} 3
"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """One of which nothing runs but the two pages."""
    (tmp_path / "frontend").write_text(FRONTEND)
    (tmp_path / "triton").write_text(TRITON)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=tmp_path))
    Thread(target=server.serve_forever).start()
    base = f"http://127.0.0.1:{server.server_port}"
    pages = (f"{base}/frontend", f"{base}/triton")
    yield Product(base, "", pages, tmp_path, Mock(spec=subprocess.Popen), "")
    server.shutdown()
    server.server_close()


async def test_a_snapshot_has_the_stages_and_the_queue_and_the_counts_of_one_loop(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counters, "PUBLISHED_SECONDS", 0.0)
    snapshot = await Snapshot.of(product, "mini")
    assert snapshot.frontend == {"queue": 0.75, "decode": 0.5, "denoise": 7.0}
    assert snapshot.loop == {"ticks": 12, "max_rows": 16}
