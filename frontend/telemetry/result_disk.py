"""The room for results as metrics, read at the moment of a scrape."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector


class ResultDisk(Collector):
    """The disk on which a folder of results is."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield its size and what we may still write; nothing while it is not there."""
        try:
            disk = shutil.disk_usage(self._folder)
        except OSError:
            return
        yield GaugeMetricFamily(
            "retouch_result_disk_free_bytes", "Room for results.", value=disk.free
        )
        yield GaugeMetricFamily(
            "retouch_result_disk_size_bytes", "Size of the disk of the results.", value=disk.total
        )
