"""A real Prometheus with the repository's configuration, scraping a product on this machine."""

import contextlib
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml

from tests.e2e.product import free_ports

CONFIGURATION = Path("docker/observability/prometheus.yml")
SCRAPE_SECONDS = 5
START_SECONDS = 30


@dataclass(frozen=True)
class Series:
    """Values over time.

    Attributes:
        labels: their texts, joined.
        moments: seconds since 1970.
        values: at these moments.
    """

    labels: str
    moments: Sequence[float]
    values: Sequence[float]


@dataclass(frozen=True)
class Prometheus:
    """Where it is asked."""

    url: str

    def series(self, expression: str, start: float, end: float) -> list[Series]:
        """What an expression came to in a span of time."""
        span = {"start": start, "end": end, "step": SCRAPE_SECONDS}
        answer = httpx.get(
            f"{self.url}/api/v1/query_range", params={"query": expression, **span}
        ).raise_for_status()
        return [_series(found) for found in answer.json()["data"]["result"]]


def _series(found: Any) -> Series:
    labels = ", ".join(str(text) for text in found["metric"].values())
    moments, values = zip(*found["values"], strict=True)
    return Series(labels, moments, [float(value) for value in values])


@contextlib.contextmanager
def watching(folder: Path, pages: tuple[str, str]) -> Iterator[Prometheus]:
    """Scrape the frontend's and Triton's pages for the time of the context."""
    (port,) = free_ports(1)
    command = [
        "prometheus",
        f"--config.file={_configure(folder, pages)}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--log.level=error",
    ]
    prometheus = Prometheus(f"http://127.0.0.1:{port}")
    with subprocess.Popen(command) as process:  # noqa: S603 - all of it is ours
        try:
            _wait_until_ready(prometheus)
            yield prometheus
        finally:
            process.terminate()


def _configure(folder: Path, pages: tuple[str, str]) -> Path:
    """The repository's configuration with other targets, scraped more often."""
    configuration = yaml.safe_load(CONFIGURATION.read_text())
    configuration["global"]["scrape_interval"] = f"{SCRAPE_SECONDS}s"
    configuration["rule_files"] = [str((CONFIGURATION.parent / "alerts.yml").resolve())]
    jobs = {job["job_name"]: job for job in configuration["scrape_configs"]}
    watched = [jobs["frontend"], jobs["triton"]]
    for job, page in zip(watched, pages, strict=True):
        del job["dns_sd_configs"]
        job["static_configs"] = [{"targets": [httpx.URL(page).netloc.decode()]}]
    configuration["scrape_configs"] = watched  # there is no proxy whose certificate could end
    file = folder / "prometheus.yml"
    file.write_text(yaml.safe_dump(configuration))
    return file


def _wait_until_ready(prometheus: Prometheus) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{prometheus.url}/-/ready").is_success:
                return
        time.sleep(0.1)
    raise TimeoutError("Prometheus did not start")
