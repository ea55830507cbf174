"""A server that tests take away and bring back, with its address and its data."""

import contextlib
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import psutil

Serve = Callable[[], AbstractContextManager["subprocess.Popen[bytes]"]]


class Outage:
    """Runs a server until the end of the context, but for the times in which it is away."""

    def __init__(self, serve: Serve) -> None:
        self._serve = serve
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> "Outage":
        self._process = self._stack.enter_context(self._serve())
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @contextlib.contextmanager
    def gone(self) -> Iterator[None]:
        """While it is killed: connections are refused."""
        self._stack.close()
        try:
            yield
        finally:
            self._process = self._stack.enter_context(self._serve())

    @contextlib.contextmanager
    def silent(self) -> Iterator[None]:
        """While it hangs: connections are taken, and nothing is answered."""
        self._send(signal.SIGSTOP)
        try:
            yield
        finally:
            self._send(signal.SIGCONT)

    def _send(self, number: signal.Signals) -> None:
        process = psutil.Process(self._process.pid)
        for each in (process, *process.children(recursive=True)):
            each.send_signal(number)
