"""The processes that run Python models for a tritonserver, as /proc shows them."""

import contextlib
import os
import signal
from dataclasses import dataclass
from pathlib import Path

_EXECUTABLE = "triton_python_backend_stub"
_NAME = _EXECUTABLE[:15]  # as the kernel keeps it
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - where the kernel keeps it
# Fields of /proc/PID/stat, counted from the one after the name.
_PARENT, _SESSION = 1, 3
_ENDED = (["Z"], ["X"])  # states of a process that has ended


@dataclass(frozen=True)
class Stub:
    """One of them.

    Attributes:
        pid: its process id.
        model: the name of the model that it runs.
        version: the model's version.
        region: the name of the shared memory in which it gets its tensors.
    """

    pid: int
    model: str
    version: str
    region: str

    @property
    def is_alive(self) -> bool:
        """Whether it runs: its process id may be another process's by now."""
        return _stub(self.pid) == self

    def remove(self) -> None:
        """End it, and free its shared memory: one whose server was killed may do neither."""
        if self.is_alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        (_SHARED_MEMORY / self.region).unlink(missing_ok=True)


def stubs_of(server_pid: int) -> frozenset[Stub]:
    """Return the stubs of a tritonserver, after its end too if it led a session."""
    found = (_stub(pid) for pid in _family(server_pid))
    return frozenset(stub for stub in found if stub is not None)


def dead_stubs_of(server_pid: int) -> list[int]:
    """Return the process ids of stubs that have died unnoticed by their server."""
    return [pid for pid in _family(server_pid) if _is_dead_stub(pid)]


def _family(server_pid: int) -> list[int]:
    """The processes that a server has started."""
    pids = (int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit())
    return [pid for pid in pids if str(server_pid) in _origins(pid)]


def _origins(pid: int) -> set[str]:
    """Whose a process is: the parent, and the leader of the session, which stays the same."""
    stat = _stat(pid)
    return {stat[_PARENT], stat[_SESSION]} if stat else set()


def _stub(pid: int) -> Stub | None:
    """The stub that a process is, if it is one; what has ended is none."""
    try:
        # The executable, the model's file in its version folder, the shared memory, ...
        arguments = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:  # it has ended since
        return None
    if Path(arguments[0]).name != _EXECUTABLE:
        return None
    version = Path(arguments[1]).parent
    return Stub(pid, version.parent.name, version.name, arguments[2])


def _is_dead_stub(pid: int) -> bool:
    """Whether a process was a stub: one that has ended keeps its name alone."""
    try:
        name = Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:  # its server has noticed meanwhile
        return False
    return name == _NAME and _stat(pid)[:1] in _ENDED


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the process's name; none if there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return []
