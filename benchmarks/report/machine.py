"""The machine that was measured."""

import os
import platform
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final, Self

_PACKAGES: Final = ("onnxruntime", "onnxruntime-gpu", "openvino", "nvidia-pytriton", "numpy")
_CPU_INFO: Final = Path("/proc/cpuinfo")
_GPU_QUERY: Final = ("--query-gpu=name,memory.total,driver_version", "--format=csv,noheader")


@dataclass(frozen=True)
class Machine:
    """What a figure holds for.

    Attributes:
        cpu: as its maker names it.
        cores: that this process may use.
        gpus: name, memory and driver of each.
        system: kernel and architecture.
        python: its version.
        versions: of the engines' packages and of the one that carries Triton.
    """

    cpu: str
    cores: int
    gpus: tuple[str, ...]
    system: str
    python: str
    versions: Mapping[str, str]

    @classmethod
    def here(cls) -> Self:
        """This one."""
        return cls(
            cpu=_cpu(),
            cores=len(os.sched_getaffinity(0)),
            gpus=_gpus(),
            system=platform.platform(),
            python=platform.python_version(),
            versions=_versions(),
        )

    def __str__(self) -> str:
        return ", ".join([self.cpu, f"{self.cores} cores", *self.gpus])


def _cpu() -> str:
    lines = _CPU_INFO.read_text().splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _gpus() -> tuple[str, ...]:
    program = shutil.which("nvidia-smi")
    if program is None:
        return ()
    done = subprocess.run([program, *_GPU_QUERY], capture_output=True, text=True)  # noqa: S603
    return tuple(done.stdout.splitlines()) if done.returncode == 0 else ()


def _versions() -> dict[str, str]:
    found = {}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
