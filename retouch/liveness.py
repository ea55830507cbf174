"""`python -m retouch.liveness`: whether a tritonserver, and each process of its models, lives.

For a container's health check and an orchestrator's liveness probe, where no launcher watches.
Triton's own `/v2/health/live` stays good when the process of a Python model dies, and that of a
decoupled model is never started again: edits would wait in it for ever.

Needs nothing but the standard library. Exit code 0: all live; 1: not, and a line says why.
"""

import argparse
import http.client
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from retouch.server.stubs import dead_stubs_of, stubs_of

SERVER = "tritonserver"
TIMEOUT_SECONDS = 5.0


class NotLiveError(Exception):
    """Something is dead; the message says what."""


def main() -> None:
    """Check the server, and end with the exit code."""
    arguments = _arguments()
    try:
        pid = arguments.pid or _only_server()
        check(pid, arguments.port)
    except NotLiveError as error:
        sys.exit(str(error))


def check(server_pid: int, port: int) -> None:
    """Ask a server on this host, and look at its processes.

    Args:
        server_pid: the tritonserver's process id.
        port: of its HTTP service.

    Raises:
        NotLiveError: it does not answer, or a process of a Python model is dead.
    """
    if dead := dead_stubs_of(server_pid):
        raise NotLiveError(f"a process of a Python model has died: {dead[0]}")
    expected = set(_python_models(port))
    missing = expected - {stub.model for stub in stubs_of(server_pid)}
    if missing:
        raise NotLiveError(f"no process runs the Python model {min(missing)}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m retouch.liveness", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="Triton's HTTP port")
    parser.add_argument("--pid", type=int, help="Triton's process, where there are several")
    return parser.parse_args()


def _only_server() -> int:
    names = {file.parent.name: _text(file) for file in Path("/proc").glob("[0-9]*/comm")}
    pids = [int(pid) for pid, name in names.items() if name == SERVER]
    if len(pids) != 1:
        found = "several run: name one with --pid" if pids else "none runs"
        raise NotLiveError(f"{SERVER}: {found}")
    return pids[0]


def _text(file: Path) -> str:
    try:
        return file.read_text().strip()
    except OSError:  # the process has ended since
        return ""


def _python_models(port: int) -> Iterator[str]:
    """The loaded models for each of which there must be a process."""
    for entry in _ask("POST", "/v2/repository/index", port):
        name = entry["name"]
        if entry.get("state") == "READY":
            config = _ask("GET", f"/v2/models/{name}/config", port)
            if config.get("backend") == "python":
                yield name


def _ask(method: str, path: str, port: int) -> Any:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request(method, path)
        response = connection.getresponse()
        body = response.read()
    except (OSError, http.client.HTTPException) as error:
        raise NotLiveError(f"{SERVER} does not answer at port {port}: {error}") from error
    finally:
        connection.close()
    if response.status != http.client.OK:
        raise NotLiveError(f"{SERVER} answers {path} with {response.status}")
    return json.loads(body)


if __name__ == "__main__":
    main()
