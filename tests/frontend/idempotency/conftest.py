"""Two frontends on one database, on each kind of database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from frontend.app import create_app
from frontend.settings import Settings
from tests.frontend.painter import Painter


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/retouch.db"
    else:
        url = request.getfixturevalue("postgresql_database")
    return Settings(home=tmp_path / "home", port=8099, waiting_images=1000, database_url=url)


@asynccontextmanager
async def client_of(app: FastAPI, key: str) -> AsyncIterator[AsyncClient]:
    headers = {"Authorization": f"Bearer {key}"}
    async with AsyncClient(
        transport=ASGITransport(app=app), base_url="http://test", headers=headers
    ) as client:
        yield client


@pytest.fixture
async def elsewhere(
    app: FastAPI,  # migrates the database first
    settings: Settings,
    painter: Painter,
    key: str,
) -> AsyncIterator[AsyncClient]:
    """A client of another frontend, which has the same database, store and models."""
    assert app is not None
    other = create_app(settings, lambda _: painter)
    async with other.router.lifespan_context(other), client_of(other, key) as client:
        yield client
