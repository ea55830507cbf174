"""Prometheus' blackbox exporter, as configured here, before the proxy as configured here."""

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.servers.nginx import running_proxy
from tests.servers.process import free_port, program, running
from tests.telemetry.scrape import samples

CONFIGURATION = Path("docker/observability/blackbox.yml")
CERTIFICATE_DAYS = 2  # those of tests/servers/nginx.py


@pytest.fixture
def exporter(tmp_path: Path) -> Iterator[str]:
    """Its address."""
    address = f"127.0.0.1:{free_port()}"
    command = [
        str(program("prometheus-blackbox-exporter", "prometheus-blackbox-exporter")),
        f"--config.file={CONFIGURATION.resolve()}",
        f"--web.listen-address={address}",
    ]
    with running(command, tmp_path / "log", lambda: is_up(address)):
        yield address


def is_up(address: str) -> bool:
    try:
        return httpx.get(f"http://{address}/-/healthy").is_success
    except httpx.TransportError:
        return False


def test_the_end_of_the_certificate_that_clients_see_is_known(exporter: str) -> None:
    with running_proxy([f"127.0.0.1:{free_port()}"]) as proxy:
        asked = {"module": "tls", "target": f"127.0.0.1:{proxy.https_port}"}
        page = httpx.get(f"http://{exporter}/probe", params=asked).raise_for_status().text
    found = {sample.name: sample.value for sample in samples(page)}
    assert found["probe_success"] == 1
    left_seconds = found["probe_ssl_earliest_cert_expiry"] - time.time()
    assert left_seconds == pytest.approx(CERTIFICATE_DAYS * 86400, abs=300)
