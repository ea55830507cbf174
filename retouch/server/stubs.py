"""The processes that run Python models for a tritonserver, as /proc shows them."""

import contextlib
import os
import signal
from dataclasses import dataclass
from pathlib import Path

_EXECUTABLE = "triton_python_backend_stub"
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - where the kernel keeps it
_STATE, _SESSION = 0, 3  # fields of /proc/PID/stat, counted from the one after the name
_ENDED = frozenset("ZX")  # states of a process that has ended


@dataclass(frozen=True)
class Stub:
    """One of them.

    Attributes:
        pid: its process id.
        region: the name of the shared memory in which it gets its tensors.
    """

    pid: int
    region: str

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        stat = _stat(self.pid)
        return bool(stat) and stat[_STATE] not in _ENDED

    def remove(self) -> None:
        """End it, and free its shared memory: one whose server was killed may do neither."""
        if self.is_alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        (_SHARED_MEMORY / self.region).unlink(missing_ok=True)


def stubs_of(server_pid: int) -> frozenset[Stub]:
    """Return the stubs of a tritonserver that leads a session, also after its end."""
    pids = (int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit())
    session = [pid for pid in pids if (stat := _stat(pid)) and int(stat[_SESSION]) == server_pid]
    found = (_stub(pid) for pid in session)
    return frozenset(stub for stub in found if stub is not None)


def _stub(pid: int) -> Stub | None:
    """The stub that a process is, if it is one."""
    try:
        # The executable, the model's file, the shared memory, ...
        arguments = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:  # it has ended since
        return None
    is_stub = Path(arguments[0]).name == _EXECUTABLE
    return Stub(pid, arguments[2]) if is_stub else None


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the process's name; none if there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return []
