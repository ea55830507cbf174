"""What starting any server takes."""

import contextlib
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

START_SECONDS = 30
STOP_SECONDS = 30


def program(name: str, package: str, *, beside: str = "/nonexistent") -> Path:
    """The path of an installed program, on PATH or, newest first, where the glob `beside` says."""
    if found := shutil.which(name):
        return Path(found)
    for folder in sorted(Path("/").glob(beside.lstrip("/")), reverse=True):
        if (folder / name).exists():
            return folder / name
    pytest.fail(f"{name} is missing. Install it: apt-get install {package}", pytrace=False)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextlib.contextmanager
def running(
    command: Sequence[str],
    log: Path,
    answers: Callable[[], bool],
    user: str | None = None,
    end: signal.Signals = signal.SIGTERM,
    environment: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `command` until the end of the context, which begins when it `answers`.

    `end` is what ends it the short way, for nothing of it is kept: a signal that it handles itself,
    since a process that was started in the background may ignore the others. Without `cwd` it runs
    in the folder of its log.
    """
    with log.open("a") as output:
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=subprocess.STDOUT,
            user=user,
            cwd=cwd or log.parent,
            env=environment,
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not answers():
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"{command[0]} did not start:\n{log.read_text()}")
            time.sleep(0.02)
        yield process
    finally:
        process.send_signal(end)
        process.wait(STOP_SECONDS)
