"""The application before a painter, and its metrics as Prometheus gets them."""

from collections.abc import AsyncIterator

import pytest
from httpx import ASGITransport, AsyncClient

from frontend.results.open_store import store_folder
from frontend.services import Services
from frontend.telemetry.page import metrics_page
from tests.frontend.conftest import anonymous, app, client, key, painter, services, settings
from tests.telemetry.scrape import Scrape

__all__ = ["anonymous", "app", "client", "key", "painter", "services", "settings"]


@pytest.fixture
async def scrape(services: Services) -> AsyncIterator[Scrape]:
    results = store_folder(services.settings)
    page = metrics_page(services.models, services.admission, results)
    async with AsyncClient(transport=ASGITransport(app=page), base_url="http://test") as client:
        yield Scrape(client)
