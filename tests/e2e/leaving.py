"""A client that leaves while its edit is under way, and what the UNet does then."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

import httpx
import numpy as np
import pytest

from tests.e2e.edits import Edit, post, random_edit
from tests.e2e.models import BUILT_IN
from tests.e2e.statistics import executions

_UNET: Final = f"{BUILT_IN}.unet"
_STEPS: Final = 100
_BEGUN_STEPS: Final = 3
_WATCH_SECONDS: Final = 1.5


def long_edit(**fields: Any) -> Edit:
    """One that takes far longer than a client here stays."""
    rng = np.random.default_rng(5)
    return random_edit(rng, BUILT_IN, num_inference_steps=_STEPS, n=4, **fields)


@asynccontextmanager
async def work_that_ends_with_its_client(
    triton: str, most_more: int = 1
) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Expect the UNet to stop when a context ends in which a client sends `long_edit` and leaves.

    Args:
        triton: host:port of the gRPC of the server that works for this client alone.
        most_more: how many UNet calls may still end after that.

    The context gets what waits until the UNet works on the edit.
    """
    before = await executions(triton, _UNET)

    async def begun() -> None:
        while await executions(triton, _UNET) < before + _BEGUN_STEPS:
            await asyncio.sleep(0.02)

    yield begun
    at_leaving = await executions(triton, _UNET)
    await asyncio.sleep(_WATCH_SECONDS)
    assert at_leaving < before + _STEPS, "the edit was over before the client left"
    assert await executions(triton, _UNET) - at_leaving <= most_more


async def leave(http: httpx.AsyncClient, triton: str, fields: dict[str, Any]) -> None:
    """Send a `long_edit`, hang up when it is under way, and expect the work to stop."""
    async with work_that_ends_with_its_client(triton) as begun:
        request = asyncio.create_task(post(http, long_edit(**fields)))
        await begun()
        request.cancel()  # httpx closes the connection
        with pytest.raises(asyncio.CancelledError):
            await request
