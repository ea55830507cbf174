"""The health check for a Triton without our launcher, as in a container."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from retouch.server.stubs import stubs_of
from tests.e2e.models import SMALL
from tests.export.published import Published
from tests.servers.triton import Triton, running_triton


@pytest.fixture(scope="module")
def triton(
    published: dict[str, Published], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Triton]:
    """One that the last test damages."""
    with running_triton(tmp_path_factory.mktemp("triton"), [published[SMALL].repository]) as triton:
        yield triton


def check(*options: str) -> tuple[int, str]:
    """Run the command; its exit code and what it said."""
    command = [sys.executable, "-m", "retouch.liveness", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert done.stdout == ""
    return done.returncode, done.stderr


def test_a_model_without_a_process_is_named_where_the_server_has_noticed_the_end(
    triton: Triton,
) -> None:
    [loop] = [stub for stub in stubs_of(triton.pid) if stub.model == SMALL]
    # Another server's processes are not this one's.
    code, said = check(f"--port={triton.ports.http}", f"--pid={loop.pid}")
    assert (code, said) == (1, f"no process runs the Python model {SMALL}\n")


def test_a_server_lives_until_the_process_of_its_loop_is_killed_and_when_nobody_answers_it_is_dead(
    triton: Triton,
) -> None:
    options = (f"--port={triton.ports.http}", f"--pid={triton.pid}")
    assert check(*options) == (0, "")

    [loop] = [stub for stub in stubs_of(triton.pid) if stub.model == SMALL]
    os.kill(loop.pid, signal.SIGKILL)
    code, said = check(*options)
    assert code == 1
    assert said == f"a process of a Python model has died: {loop.pid}\n"

    os.kill(triton.pid, signal.SIGKILL)
    code, said = check(*options)
    assert code == 1
    assert said.startswith(f"tritonserver does not answer at port {triton.ports.http}: ")
    assert len(said.splitlines()) == 1
