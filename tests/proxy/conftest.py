"""A frontend of its own, on the shared Triton, and the proxy before it with short timeouts."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from tests.e2e.product import Product, free_ports, running
from tests.servers.nginx import PORTS, Proxy, running_proxy

UPLOAD_SECONDS = 2
HEADER_SECONDS = 1
SEND_SECONDS = 1
HTTP_SECONDS = 60


@pytest.fixture(scope="session")
def ports() -> list[int]:
    """Those of the proxy, which the frontend has to know before."""
    return free_ports(len(PORTS))


@pytest.fixture(scope="session")
def frontend(
    product: Product, ports: list[int], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Product]:
    """A frontend that is behind the proxy."""
    environment = {
        "RETOUCH_PUBLIC_BASE_URL": f"https://127.0.0.1:{ports[0]}",
        "RETOUCH_UPLOAD_TIMEOUT_SECONDS": str(UPLOAD_SECONDS),
    }
    home = tmp_path_factory.mktemp("behind")
    triton = f"--triton=grpc://{product.triton}"
    with running(home, [], triton, environment=environment) as frontend:
        yield frontend


@pytest.fixture(scope="session")
def proxy(frontend: Product, ports: list[int]) -> Iterator[Proxy]:
    """The proxy."""
    address = frontend.url.removeprefix("http://")
    with running_proxy(
        [address],
        ports,
        PROXY_HEADER_TIMEOUT=f"{HEADER_SECONDS}s",
        PROXY_BODY_TIMEOUT=f"{3 * UPLOAD_SECONDS}s",
        PROXY_SEND_TIMEOUT=f"{SEND_SECONDS}s",
        RETOUCH_PUBLIC_BASE_URL=f"https://127.0.0.1:{ports[0]}",
    ) as proxy:
        yield proxy


@pytest.fixture
async def http(proxy: Proxy, frontend: Product) -> AsyncIterator[httpx.AsyncClient]:
    """A plain client with a key, that reaches the frontend through the proxy."""
    async with httpx.AsyncClient(
        base_url=proxy.url, headers=frontend.headers, verify=proxy.tls, timeout=HTTP_SECONDS
    ) as client:
        yield client
