"""The command; see the package."""

import argparse
import sys
from pathlib import Path

import retouch.liveness
from retouch.liveness.errors import NotLiveError
from retouch.liveness.http_service import python_models
from retouch.liveness.loop_stream import require_answer
from retouch.server.stubs import dead_stubs_of, stubs_of

SERVER = "tritonserver"


def main() -> None:
    """Check the server, and end with the exit code."""
    arguments = _arguments()
    try:
        pid = arguments.pid or _only_server()
        check(pid, arguments.port, arguments.grpc_port)
    except NotLiveError as error:
        sys.exit(str(error))


def check(server_pid: int, http_port: int, grpc_port: int) -> None:
    """Look at a server's processes on this host, and ask it.

    Args:
        server_pid: the tritonserver's process id.
        http_port: of its HTTP service.
        grpc_port: of its gRPC service.

    Raises:
        NotLiveError: it does not answer, a process of a Python model is dead, or a loop does not
            answer a stream.
    """
    if dead := dead_stubs_of(server_pid):
        raise NotLiveError(f"a process of a Python model has died: {dead[0]}")
    models = list(python_models(http_port))
    missing = {model.name for model in models} - {stub.model for stub in stubs_of(server_pid)}
    if missing:
        raise NotLiveError(f"no process runs the Python model {min(missing)}")
    for model in models:
        if model.is_loop:
            require_answer(model.name, grpc_port)


def _arguments() -> argparse.Namespace:
    about = retouch.liveness.__doc__
    parser = argparse.ArgumentParser(prog="python -m retouch.liveness", description=about)
    parser.add_argument("--port", type=int, default=8000, help="Triton's HTTP port")
    parser.add_argument("--grpc-port", type=int, default=8001, help="Triton's gRPC port")
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


main()
