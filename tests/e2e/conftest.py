"""Clients of the running product (see `fixtures`)."""

from collections.abc import AsyncIterator

import httpx
import pytest
from openai import AsyncOpenAI

from tests.e2e.product import Product

HTTP_SECONDS = 120


@pytest.fixture
async def http(product: Product) -> AsyncIterator[httpx.AsyncClient]:
    """A plain HTTP client with a key."""
    async with httpx.AsyncClient(
        base_url=product.url, headers=product.headers, timeout=HTTP_SECONDS
    ) as client:
        yield client


@pytest.fixture
async def openai(product: Product) -> AsyncIterator[AsyncOpenAI]:
    """The official client, which knows nothing of us but the address and the key."""
    async with AsyncOpenAI(
        base_url=f"{product.url}/v1", api_key=product.key, max_retries=0, timeout=HTTP_SECONDS
    ) as client:
        yield client
