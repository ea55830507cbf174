"""The perf_analyzer program: where it comes from, and one run of it."""

import ctypes
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.environments import ProgramFailed, installed, run

_REQUIREMENTS: Final = Path(__file__).with_name("requirements.txt")
_CUDA_LIBRARIES: Final = "lib/python*/site-packages/nvidia/cuda_runtime/lib"
_BASE64_LIBRARY: Final = "libb64.so.0d"
_ENVIRONMENT: Final = Path("build/perf_analyzer")


@dataclass(frozen=True)
class Load:
    """What is sent.

    Attributes:
        clients: requests that are always under way; 0 if they come at random moments instead.
        per_second: requests that come in a second on average, at random moments (Poisson).
        requests: how many are measured.
    """

    clients: int
    per_second: float
    requests: int

    def __str__(self) -> str:
        return f"clients: {self.clients}" if self.clients else f"Poisson: {self.per_second:.2f}/s"

    def options(self) -> list[str]:
        """Those of perf_analyzer."""
        count = ["--request-count", str(self.requests)]
        if self.clients:
            return [*count, "--concurrency-range", str(self.clients)]
        rate = ["--request-rate-range", f"{self.per_second:.3f}"]
        return [*count, *rate, "--request-distribution", "poisson"]


class PerfAnalyzer:
    """The program, installed beside the project unless it is.

    Raises:
        ProgramFailed: it cannot be installed, or Debian's library that it needs is missing.
    """

    def __init__(self) -> None:
        try:
            ctypes.CDLL(_BASE64_LIBRARY)
        except OSError:
            raise ProgramFailed("perf_analyzer needs: apt-get install libb64-0d") from None
        programs = installed(_ENVIRONMENT, _REQUIREMENTS, options=["--no-deps"])
        self._program = programs / "perf_analyzer"
        (self._libraries,) = _ENVIRONMENT.resolve().glob(_CUDA_LIBRARIES)

    def run(self, triton: str, model: str, inputs: Path, load: Load) -> list[Any]:
        """Send a load and return what perf_analyzer has noted of each request.

        Args:
            triton: host:port of Triton's gRPC.
            model: a decoupled model, whose responses come on a stream.
            inputs: file of the requests' tensors, see `inputs`.
            load: what is sent.

        Raises:
            ProgramFailed: as it says.
        """
        profile = inputs.with_name("profile.json")
        profile.unlink(missing_ok=True)  # it overwrites none
        connection = ["-m", model, "-u", triton, "-i", "grpc", "--async", "--streaming"]
        files = ["--input-data", str(inputs), "--profile-export-file", str(profile)]
        command = [str(self._program), *connection, *files, *load.options()]
        run(command, environment=os.environ | {"LD_LIBRARY_PATH": str(self._libraries)})
        (experiment,) = json.loads(profile.read_text())["experiments"]
        requests: list[Any] = experiment["requests"]
        return requests
