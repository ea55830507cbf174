"""A bare tritonserver, as it runs in a container: without our launcher."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from retouch.server.backend_folder import assemble
from retouch.server.distribution import TritonDistribution
from retouch.server.options import TritonPorts
from retouch.server.stubs import stubs_of
from retouch.server.triton_command import arguments, environment
from tests.e2e.product import free_ports
from tests.servers.process import running


@dataclass(frozen=True)
class Triton:
    """A running one."""

    pid: int
    ports: TritonPorts

    @property
    def grpc(self) -> str:
        """Where clients reach it."""
        return f"127.0.0.1:{self.ports.grpc}"

    @property
    def http(self) -> str:
        """The same, over HTTP."""
        return f"http://127.0.0.1:{self.ports.http}"


@contextlib.contextmanager
def running_triton(folder: Path, repositories: Sequence[Path], *options: str) -> Iterator[Triton]:
    """Run one until the end of the context, with its backends and log in `folder`."""
    distribution = TritonDistribution.find()
    ports = TritonPorts(*free_ports(3))
    backends = assemble(folder / "backends", distribution)
    command = arguments(distribution, backends, repositories, ports)
    variables = environment(distribution, folder / "engines", dict(os.environ))
    url = f"http://127.0.0.1:{ports.http}/v2/health/ready"
    with running(
        [*command, *options], folder / "triton.log", lambda: _is_ready(url), environment=variables
    ) as process:
        stubs = stubs_of(process.pid)
        try:
            yield Triton(process.pid, ports)
        finally:
            # A server whose stub was killed would wait for it.
            process.kill()
            for stub in stubs | stubs_of(process.pid):
                stub.remove()


def _is_ready(url: str) -> bool:
    with contextlib.suppress(httpx.TransportError):
        return httpx.get(url).status_code == httpx.codes.OK
    return False
