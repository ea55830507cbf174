"""The health checks, as the engine runs them."""

import httpx
import pytest

from tests.containers import containers
from tests.containers.containers import Container
from tests.containers.engine import Engine
from tests.containers.network import network

# The first of them builds the images.
pytestmark = pytest.mark.timeout(1500)

# Ends the process that runs the denoise loop.
KILL_THE_LOOP = """
import os, signal
from retouch.server.stubs import stubs_of

loop, = (stub for stub in stubs_of(1) if stub.model == "retouch-mini")
os.kill(loop.pid, signal.SIGKILL)
"""


def check(container: Container) -> None:
    """Run the image's health check once; raises if it fails."""
    container.engine.podman("healthcheck", "run", container.name)


def test_both_are_healthy(frontend: Container, triton: Container) -> None:
    check(frontend)
    check(triton)


def test_a_triton_with_a_dead_loop_is_unhealthy_though_it_says_that_it_is_ready(
    images: Engine,
) -> None:
    with network() as cable, containers.triton(images, cable) as triton:
        check(triton)
        triton.inside("python3", "-c", KILL_THE_LOOP)
        with pytest.raises(AssertionError, match="unhealthy"):
            check(triton)
        assert "a process of a Python model has died" in triton.state("{{json .State.Health.Log}}")
        assert httpx.get(f"{triton.url}/v2/health/ready").status_code == httpx.codes.OK
