"""One running product for all tests of this folder, with a small model of every family."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from openai import AsyncOpenAI

from tests.e2e.models import FAMILIES
from tests.e2e.product import Product, running
from tests.export.fixtures import Exporter
from tests.export.published import Published

BUILT_IN_REPOSITORY = Path("model_repository")
HTTP_SECONDS = 120


@pytest.fixture(scope="session")
def published(exported: Exporter) -> dict[str, Published]:
    """A small model of every family, by served id."""
    return {model_id: exported(checkpoint) for checkpoint, model_id in FAMILIES.items()}


@pytest.fixture(scope="session")
def product(
    published: dict[str, Published], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Product]:
    """The product, serving the built-in model and the exported ones."""
    repositories = [BUILT_IN_REPOSITORY, *(model.repository for model in published.values())]
    with running(tmp_path_factory.mktemp("home"), repositories) as product:
        yield product


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
