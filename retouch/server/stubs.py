"""The processes that run Python models for a tritonserver, as /proc shows them."""

import contextlib
import os
import signal
from dataclasses import dataclass
from pathlib import Path

_EXECUTABLE = "triton_python_backend_stub"
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - where the kernel keeps it
_ENDED = frozenset("ZX")  # /proc/PID/stat's states of a process that has ended


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
        try:
            stat = Path(f"/proc/{self.pid}/stat").read_text()
        except OSError:
            return False
        return stat.rpartition(") ")[2][0] not in _ENDED

    def remove(self) -> None:
        """End it, and free its shared memory: one whose server was killed may do neither."""
        if self.is_alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        (_SHARED_MEMORY / self.region).unlink(missing_ok=True)


def stubs_of(server_pid: int) -> tuple[Stub, ...]:
    """Return the stubs of a running tritonserver."""
    found = []
    for children in Path(f"/proc/{server_pid}/task").glob("*/children"):
        for pid in children.read_text().split():
            # The executable, the model's file, the shared memory, ...
            arguments = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
            if Path(arguments[0]).name == _EXECUTABLE:
                found.append(Stub(int(pid), arguments[2]))
    return tuple(found)
