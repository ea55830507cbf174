"""Two frontends before one PostgreSQL and one Redis are one service."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from httpx import ASGITransport, AsyncClient

from frontend.app import create_app
from frontend.services import Services
from frontend.settings import Settings
from tests.frontend.painter import Painter
from tests.frontend.people.test_limits import edit, rates
from tests.frontend.waiting import until


class Frontend:
    """One of them, and a client that talks to it."""

    def __init__(self, services: Services, client: AsyncClient) -> None:
        self.services = services
        self.client = client


@pytest.fixture
async def pair(
    tmp_path: Path, postgresql_database: str, redis_url: str, painter: Painter
) -> AsyncIterator[tuple[Frontend, Frontend]]:
    async with AsyncExitStack() as stack:
        frontends = []
        for name in ("one", "other"):
            settings = Settings(
                home=tmp_path / name,
                database_url=postgresql_database,
                redis_url=redis_url,
                images_per_minute=3,
            )
            app = create_app(settings, lambda _: painter)
            await stack.enter_async_context(app.router.lifespan_context(app))
            transport = ASGITransport(app=app)
            client = AsyncClient(transport=transport, base_url="http://test")
            await stack.enter_async_context(client)
            frontends.append(Frontend(app.state.services, client))
        secret = await frontends[0].services.keys.create("tests")
        for frontend in frontends:
            frontend.client.headers["Authorization"] = f"Bearer {secret}"
        one, other = frontends
        yield one, other


async def test_a_minute_is_one_minute_for_both(pair: tuple[Frontend, Frontend]) -> None:
    one, other = pair
    assert rates(await edit(one.client))["images"] == 2
    assert rates(await edit(other.client))["images"] == 1
    assert rates(await edit(one.client))["images"] == 0
    assert (await edit(other.client)).status_code == 429


async def test_a_slot_at_one_is_a_slot_at_the_other(
    pair: tuple[Frontend, Frontend], painter: Painter
) -> None:
    one, other = pair
    await one.services.keys.update("tests", concurrent_edits=1)
    painter.may_finish.clear()
    under_way = asyncio.create_task(edit(one.client))
    await until(lambda: painter.running == 1)
    assert (await edit(other.client)).status_code == 429
    painter.may_finish.set()
    await under_way
    assert (await edit(other.client)).status_code == 200


async def test_what_is_revoked_or_blocked_at_one_is_so_at_the_other_at_once(
    pair: tuple[Frontend, Frontend],
) -> None:
    one, other = pair
    await one.services.blocks.block("eve")
    assert (await edit(other.client, user="eve")).status_code == 403
    assert (await edit(other.client, user="alice")).status_code == 200
    await one.services.keys.revoke("tests")
    assert (await edit(other.client, user="alice")).status_code == 401
