from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from frontend.app import create_app
from frontend.services import Services
from frontend.settings import Settings
from tests.frontend import s3
from tests.frontend.painter import Painter
from tests.frontend.serving import serving


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", port=8099, waiting_images=1, keep_alive_seconds=0.3)


@pytest.fixture
async def painter() -> Painter:
    return Painter()


@pytest.fixture
async def app(settings: Settings, painter: Painter) -> AsyncIterator[FastAPI]:
    application = create_app(settings, lambda _: painter)
    async with application.router.lifespan_context(application):
        yield application


@pytest.fixture
def services(app: FastAPI) -> Services:
    opened: Services = app.state.services
    return opened


@pytest.fixture
async def key(services: Services) -> str:
    return await services.keys.create("tests")


@pytest.fixture
async def anonymous(app: FastAPI) -> AsyncIterator[AsyncClient]:
    """A client without a key."""
    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://test") as client:
        yield client


@pytest.fixture
async def client(anonymous: AsyncClient, key: str) -> AsyncClient:
    """A client with a key."""
    anonymous.headers["Authorization"] = f"Bearer {key}"
    return anonymous


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """The URL of an S3 server with a bucket named `results`."""
    with s3.running() as url:
        s3.create_bucket(url, "results")
        yield url


@pytest.fixture
def s3_environment(s3_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets buckets be looked for there."""
    for name, value in s3.CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3_server)


@pytest.fixture
async def address(app: FastAPI) -> AsyncIterator[str]:
    """The URL of the application behind a real socket."""
    async with serving(app) as server:
        yield f"http://127.0.0.1:{server.port}"
