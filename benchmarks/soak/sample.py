"""What the product holds of the machine at a moment."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from retouch.server.stubs import stubs_of
from tests.e2e.product import Product
from tests.e2e.test_launcher import triton_pid

MEBIBYTE = 2**20
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108


@dataclass(frozen=True)
class Held:
    """By one process, or several.

    Attributes:
        rss: resident memory in MiB.
        descriptors: open files and connections.
        threads: how many run.
        cpu_seconds: used since its start.
    """

    rss: float = 0.0
    descriptors: int = 0
    threads: int = 0
    cpu_seconds: float = 0.0

    def __add__(self, other: "Held") -> "Held":
        """Both together."""
        return Held(
            self.rss + other.rss,
            self.descriptors + other.descriptors,
            self.threads + other.threads,
            self.cpu_seconds + other.cpu_seconds,
        )


@dataclass(frozen=True)
class Sample:
    """One moment.

    Attributes:
        moment: in seconds of the monotonic clock.
        processes: `frontend`, `triton`, and each Python model's by the model's name.
        regions: names of the Python models' shared memory in /dev/shm.
        region_mebibytes: how large these are.
        database_mebibytes: SQLite's files.
        results: how many pictures and kept answers are stored.
        result_mebibytes: how large these are.
    """

    moment: float
    processes: dict[str, Held]
    regions: frozenset[str]
    region_mebibytes: float
    database_mebibytes: float
    results: int
    result_mebibytes: float

    @property
    def total(self) -> Held:
        """Of all processes."""
        return sum(self.processes.values(), Held())


def take_sample(product: Product) -> Sample:
    """Look at all processes and folders of a running product."""
    stubs = stubs_of(_triton(product))
    regions = [SHARED_MEMORY / stub.region for stub in stubs]
    results = _sizes(product.home / "results")
    return Sample(
        moment=time.monotonic(),
        processes={
            "frontend": _held(product.process.pid),
            "triton": _held(_triton(product)),
            **{stub.model: _held(stub.pid) for stub in stubs},
        },
        regions=frozenset(path.name for path in regions),
        region_mebibytes=sum(path.stat().st_size for path in regions) / MEBIBYTE,
        database_mebibytes=sum(_sizes(product.home, "retouch.db*")) / MEBIBYTE,
        results=len(results),
        result_mebibytes=sum(results) / MEBIBYTE,
    )


def _triton(product: Product) -> int:
    pid = triton_pid(product.process.pid)
    if pid is None:
        raise RuntimeError("Triton has ended")
    return pid


def _held(pid: int) -> Held:
    process = psutil.Process(pid)
    with process.oneshot():
        times = process.cpu_times()
        return Held(
            process.memory_info().rss / MEBIBYTE,
            process.num_fds(),
            process.num_threads(),
            times.user + times.system,
        )


def _sizes(folder: Path, pattern: str = "**/*") -> list[int]:
    return list(_each_size(folder, pattern))


def _each_size(folder: Path, pattern: str) -> Iterator[int]:
    for path in folder.glob(pattern):
        try:
            if path.is_file():
                yield path.stat().st_size
        except FileNotFoundError:  # swept meanwhile
            continue
