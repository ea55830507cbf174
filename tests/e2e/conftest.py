"""One running product for all tests of this folder, with a small model of every family."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from export.exporter import ExportRequest, export_checkpoint
from openai import AsyncOpenAI

from tests.checkpoints import build
from tests.e2e.product import Product, running

# Served id -> checkpoint: every family, at a resolution that a test can afford.
FAMILIES = {
    "sd1": "sd1-inpainting",
    "sd2": "sd2-inpainting",
    "sdxl": "sdxl-inpainting",
    "plain": "sd1-plain",
}
BUILT_IN = Path("model_repository")
HTTP_SECONDS = 120


@pytest.fixture(scope="session")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A diffusers folder for each served id."""
    root = tmp_path_factory.mktemp("checkpoints")
    return {id_: build(name, root / id_) for id_, name in FAMILIES.items()}


@pytest.fixture(scope="session")
def exported(checkpoints: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model repository with every checkpoint exported."""
    repository = tmp_path_factory.mktemp("exported")
    for id_, checkpoint in checkpoints.items():
        export_checkpoint(ExportRequest(str(checkpoint), id_, repository))
    return repository


@pytest.fixture(scope="session")
def product(exported: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product, serving the built-in model and the exported ones."""
    with running(tmp_path_factory.mktemp("home"), [BUILT_IN, exported]) as product:
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
