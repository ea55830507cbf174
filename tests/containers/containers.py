"""Both images as they run in production: nobody's root, nothing to write to, no capability."""

import contextlib
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx

from tests.containers.engine import Engine
from tests.containers.network import Network

FRONTEND = "localhost/retouch-frontend:test"
TRITON = "localhost/retouch-triton:test"
START_SECONDS = 120
# podman would mount /tmp, /run and more by itself; Docker does not.
HARDENED = (
    "--read-only",
    "--read-only-tmpfs=false",
    "--cap-drop=all",
    "--security-opt=no-new-privileges",
)


@dataclass(frozen=True)
class Container:
    """A running container, and where its service is reached."""

    engine: Engine
    name: str
    url: str

    def inside(self, *command: str) -> str:
        """Run a command in it as its user."""
        return self.engine.inside(self.name, *command)

    def state(self, template: str) -> str:
        """What podman says of it."""
        return self.engine.podman("inspect", f"--format={template}", self.name)


@contextlib.contextmanager
def triton(engine: Engine, network: Network) -> Iterator[Container]:
    """Run Triton's image with what docs/deployment.md says it needs."""
    options = (network.option, "--shm-size=1g", "--tmpfs=/tmp")
    url = f"http://{network.address}:8000"
    with _running(engine, TRITON, url, "/v2/health/ready", options) as container:
        yield container


@contextlib.contextmanager
def frontend(engine: Engine, network: Network, port: int) -> Iterator[Container]:
    """Run the frontend's image with what docs/deployment.md says it needs."""
    volume = f"retouch-{secrets.token_hex(4)}"
    url = f"http://{network.address}:{port}"
    variables = {
        "RETOUCH_PORT": port,
        "RETOUCH_PUBLIC_BASE_URL": url,
        "RETOUCH_TRITON": "grpc://127.0.0.1:8001",
    }
    environment = (f"--env={name}={value}" for name, value in variables.items())
    options = (network.option, "--tmpfs=/tmp", f"--volume={volume}:/data", *environment)
    try:
        with _running(engine, FRONTEND, url, "/health/ready", options) as container:
            yield container
    finally:
        engine.podman("volume", "rm", "--force", volume)


@contextlib.contextmanager
def _running(
    engine: Engine, image: str, url: str, ready: str, options: tuple[str, ...]
) -> Iterator[Container]:
    container = Container(engine, f"retouch-{secrets.token_hex(4)}", url)
    try:
        engine.start(image, container.name, (*HARDENED, *options))
        _wait(container, ready)
        yield container
    finally:
        engine.podman("rm", "--force", "--time=0", "--ignore", container.name)


def _wait(container: Container, path: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and container.state("{{.State.Status}}") == "running":
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(container.url + path).status_code == httpx.codes.OK:
                return
        time.sleep(0.3)
    raise AssertionError(f"not ready:\n{container.engine.podman('logs', container.name)}")
