"""The command line and environment of the embedded tritonserver."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from retouch.backends.compiled_cache import FOLDER_VARIABLE
from retouch.releases.repository import served
from retouch.server.distribution import TritonDistribution
from retouch.server.options import LOOPBACK, TritonPorts

# How long Triton waits for requests in flight when it is told to stop.
EXIT_TIMEOUT_SECONDS = 30
# What our models need of any server; containers are started with the same, which a test compares.
SERVING = (
    # The configs declare everything; without this the server would load each graph twice.
    "--disable-auto-complete-config",
    # Releases are switched while edits run. The server is ready then too: a model that is being
    # unloaded would count against it.
    "--model-control-mode=explicit",
    "--strict-readiness=false",
)


def arguments(
    distribution: TritonDistribution,
    backends: Path,
    repositories: Sequence[Path],
    ports: TritonPorts,
    traces_url: str | None = None,
) -> list[str]:
    """The tritonserver command: our backends, the operator's models, loopback only.

    Spans of the calls that belong to a client's or the frontend's trace go to `traces_url`.
    """
    return [
        str(distribution.server),
        *(f"--model-repository={repository.resolve()}" for repository in repositories),
        f"--backend-directory={backends.resolve()}",
        *SERVING,
        *(f"--load-model={name}" for repository in repositories for name in served(repository)),
        *(f"--{service}-address={LOOPBACK}" for service in ("http", "grpc", "metrics")),
        f"--http-port={ports.http}",
        f"--grpc-port={ports.grpc}",
        f"--metrics-port={ports.metrics}",
        f"--exit-timeout-secs={EXIT_TIMEOUT_SECONDS}",
        # The stubs start one after another otherwise.
        f"--model-load-thread-count={os.cpu_count() or 1}",
        *(() if traces_url is None else _tracing(traces_url)),
    ]


def _tracing(url: str) -> list[str]:
    settings = (
        "mode=opentelemetry",
        "level=TIMESTAMPS",
        f"opentelemetry,url={url}",
        "opentelemetry,resource=service.name=retouch-triton",
    )
    return [f"--trace-config={setting}" for setting in settings]


def environment(
    distribution: TritonDistribution, engine_cache: Path, inherited: Mapping[str, str]
) -> dict[str, str]:
    """The inherited environment, changed so that the stubs run in this Python environment.

    Compiled models are kept in `engine_cache`, unless the environment names another folder.

    The stub ignores PYTHONPATH and PYTHONHOME. It finds its prefix, and by it the installed
    packages, as an interpreter does that was called `python3`: through the first one on PATH.
    """
    libraries = [distribution.libpython_folder, distribution.libraries]
    return {
        FOLDER_VARIABLE: str(engine_cache.resolve()),
        **inherited,
        "LD_LIBRARY_PATH": _joined(*libraries, inherited.get("LD_LIBRARY_PATH", "")),
        "PATH": _joined(Path(sys.executable).parent, inherited.get("PATH", "")),
    }


def _joined(*paths: Path | str) -> str:
    return os.pathsep.join(str(path) for path in paths if str(path))
