from collections.abc import Mapping
from typing import Final

import pytest
from httpx import AsyncClient

from frontend.administration.admin_secret import reset_secret
from frontend.services import Services

FROM_PAGE: Final[Mapping[str, str]] = {"Retouch-Page": "1"}
SESSION: Final = "/admin/api/session"


@pytest.fixture
async def secret(services: Services) -> str:
    """The administrator's secret."""
    return await reset_secret(services.database)


@pytest.fixture
async def page(anonymous: AsyncClient) -> AsyncClient:
    """A browser on one of our pages, not signed in."""
    anonymous.headers.update(FROM_PAGE)
    return anonymous


@pytest.fixture
async def admin(page: AsyncClient, services: Services) -> AsyncClient:
    """The same, signed in."""
    link = await services.sessions.new_link()
    (await page.post(SESSION, json={"link": link})).raise_for_status()
    return page
