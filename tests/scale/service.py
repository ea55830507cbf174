"""A process of the cluster that can be killed and started again."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from retouch.server.stubs import stubs_of
from tests.scale.network import Host

START_SECONDS = 90
STOP_SECONDS = 30


class Service:
    """A program on a host.

    Attributes:
        host: where it runs.
    """

    def __init__(
        self,
        host: Host,
        command: Sequence[str],
        environment: Mapping[str, str],
        log: Path,
        is_ready: Callable[[], bool],
    ) -> None:
        self.host = host
        self._command = host.command(*command)
        self._environment = {**os.environ, **environment}
        self._log = log
        self._is_ready = is_ready
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Its process id: `ip netns exec` becomes the program."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it, without waiting for it."""
        with self._log.open("a") as output:
            self._process = subprocess.Popen(
                self._command,
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env=self._environment,
                start_new_session=True,
            )

    def wait_until_ready(self) -> None:
        """Return when it serves."""
        deadline = time.monotonic() + START_SECONDS
        while not self._is_ready():
            assert self._process is not None
            assert self._process.poll() is None, self._log.read_text()
            assert time.monotonic() < deadline, self._log.read_text()
            time.sleep(0.1)

    def kill(self) -> None:
        """Kill it at once, with what it has started."""
        assert self._process is not None
        stubs = stubs_of(self.pid)
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        for stub in stubs | stubs_of(self.pid):
            stub.remove()

    def restart(self) -> None:
        """Kill what is left of it, and start it again."""
        self.kill()
        self.start()
        self.wait_until_ready()
