"""The health check of Triton's container ends a server that is dead, and no other."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

CHECK = Path("docker/triton-check").absolute()
Check = Callable[[bool], bool]


@pytest.fixture
def server() -> Iterator[subprocess.Popen[bytes]]:
    """A process in the server's place."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield process
    process.kill()
    process.wait()


@pytest.fixture
def check(tmp_path: Path, server: subprocess.Popen[bytes]) -> Check:
    """The check beside programs that say whether the server is live, and which it is."""

    def healthy(live: bool) -> bool:
        for name, body in (("python3", f"exit {int(not live)}"), ("pidof", f"echo {server.pid}")):
            (tmp_path / name).write_text(f"#!/bin/sh\n{body}\n")
            (tmp_path / name).chmod(0o755)
        environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "TMPDIR": str(tmp_path)}
        return subprocess.run([CHECK], env=environment, check=False).returncode == 0

    return healthy


def test_a_server_that_loads_its_models_is_unhealthy_and_left_alone(
    check: Check, server: subprocess.Popen[bytes]
) -> None:
    assert not any(check(False) for _ in range(5))
    assert server.poll() is None


def test_a_server_that_was_live_is_ended_at_the_third_failure_in_a_row(
    check: Check, server: subprocess.Popen[bytes]
) -> None:
    for live in (True, False, False, True, False, False):
        assert check(live) is live
    assert server.poll() is None
    assert not check(False)
    assert server.wait(10) != 0
