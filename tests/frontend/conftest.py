from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from frontend.app import create_app
from frontend.services import Services
from frontend.settings import Settings
from tests.frontend.painter import Painter


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
