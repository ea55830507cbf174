"""The whole product, on a network of its own."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from retouch.server.backend_folder import assemble
from retouch.server.distribution import TritonDistribution
from retouch.server.options import LOOPBACK, TritonPorts
from retouch.server.triton_command import arguments, environment
from tests.e2e.fixtures import BUILT_IN_REPOSITORY
from tests.e2e.product import RETOUCH
from tests.e2e.statistics import executions
from tests.frontend import s3
from tests.scale.network import GATEWAY, Host, network
from tests.scale.service import Service
from tests.servers.nginx import Proxy, running_proxy
from tests.servers.postgresql import create_database, running_postgresql
from tests.servers.redis import running_redis

FRONTENDS = ("front1", "front2")
TRITONS = ("triton1", "triton2")
FRONTEND_PORT = 8080
TRITON_PORTS = TritonPorts(http=8000, grpc=8001, metrics=8002)
BUCKET = "results"
MODEL = "retouch-mini"


@dataclass(frozen=True)
class Cluster:
    """What runs, and how it is reached.

    Attributes:
        proxy: what clients know.
        frontends: by name.
        tritons: by name; bare ones, as in containers.
        settings: the frontends' variables.
    """

    proxy: Proxy
    frontends: dict[str, Service]
    tritons: dict[str, Service]
    settings: dict[str, str]

    def retouch(self, *words: str) -> str:
        """What a `retouch` command says that works on the shared database."""
        done = subprocess.run(
            [RETOUCH, *words],
            env={**os.environ, **self.settings},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    async def steps_done(self, triton: str) -> int:
        """How many calls of the UNet a Triton has carried out."""
        address = self.tritons[triton].host.address
        return await executions(f"{address}:{TRITON_PORTS.grpc}", f"{MODEL}.unet")

    def services(self) -> list[Service]:
        """Everything that tests may kill."""
        return [*self.tritons.values(), *self.frontends.values()]


@contextlib.contextmanager
def running_cluster(folder: Path) -> Iterator[Cluster]:
    """Start everything, and stop it at the end of the context."""
    with contextlib.ExitStack() as stack:
        hosts = stack.enter_context(network((*FRONTENDS, *TRITONS), {"triton": TRITONS}))
        addresses = [f"{hosts[name].address}:{FRONTEND_PORT}" for name in FRONTENDS]
        proxy = stack.enter_context(running_proxy(addresses))
        settings = _shared(stack, folder) | {
            "RETOUCH_PUBLIC_BASE_URL": proxy.url,
            "RETOUCH_TRITON": f"dns:///triton:{TRITON_PORTS.grpc}",
        }
        tritons = {name: _triton(folder / name, hosts[name]) for name in TRITONS}
        frontends = {name: _frontend(folder / name, hosts[name], settings) for name in FRONTENDS}
        cluster = Cluster(proxy, frontends, tritons, settings)
        for service in cluster.services():
            service.start()
            stack.callback(service.kill)
        for service in cluster.services():
            service.wait_until_ready()
        yield cluster


def _shared(stack: contextlib.ExitStack, folder: Path) -> dict[str, str]:
    """Start what the frontends share, and return the variables that say where it is."""
    database = create_database(stack.enter_context(running_postgresql(GATEWAY)), "retouch")
    store = stack.enter_context(s3.running(GATEWAY))
    s3.create_bucket(store, BUCKET)
    return {
        **s3.CREDENTIALS,
        "AWS_ENDPOINT_URL": store,
        "RETOUCH_DATABASE_URL": database,
        "RETOUCH_REDIS_URL": stack.enter_context(running_redis(GATEWAY)),
        "RETOUCH_RESULT_STORE": f"s3://{BUCKET}/",
        "RETOUCH_URL_SECRET": "a secret that all frontends know",
        "RETOUCH_HOME": str(folder / "operator"),
    }


def _frontend(folder: Path, host: Host, settings: dict[str, str]) -> Service:
    folder.mkdir()
    own = {"RETOUCH_HOME": str(folder), "RETOUCH_HOST": "0.0.0.0", "RETOUCH_LOG_JSON": "true"}  # noqa: S104
    url = f"http://{host.address}:{FRONTEND_PORT}/health/ready"
    command = [str(RETOUCH), "serve", f"--port={FRONTEND_PORT}"]
    return Service(host, command, settings | own, folder / "log", lambda: is_ok(url))


def _triton(folder: Path, host: Host) -> Service:
    distribution = TritonDistribution.find()
    backends = assemble(folder / "backends", distribution)
    command = arguments(distribution, backends, [BUILT_IN_REPOSITORY], TRITON_PORTS)
    reachable = [word.replace(LOOPBACK, host.address) for word in command]
    variables = environment(distribution, folder / "engines", dict(os.environ))
    url = f"http://{host.address}:{TRITON_PORTS.http}/v2/health/ready"
    return Service(host, reachable, variables, folder / "log", lambda: is_ok(url))


def is_ok(url: str) -> bool:
    """Whether the answer is 200."""
    with contextlib.suppress(httpx.TransportError):
        return httpx.get(url).status_code == httpx.codes.OK
    return False
