"""The server that is asked, and the clients that ask."""

from collections.abc import Iterator

import pytest

from tests.conformance.official import Official
from tests.conformance.samples import Sample
from tests.conformance.target import Target, running_target
from tests.conformance.toolchain import CLIENTS
from tests.e2e.product import Product


@pytest.fixture(scope="session")
def target(request: pytest.FixtureRequest) -> Target:
    """The server that the environment names, or the product of the end-to-end tests."""

    def start() -> tuple[str, str]:
        product: Product = request.getfixturevalue("product")
        return f"{product.url}/v1", product.key

    return running_target(start)


@pytest.fixture(scope="session", params=CLIENTS)
def client(request: pytest.FixtureRequest, target: Target) -> Iterator[Official]:
    """Each official client in turn."""
    official = Official(CLIENTS[request.param], target.settings)
    yield official
    official.close()


@pytest.fixture(scope="session", params=[name for name in CLIENTS if CLIENTS[name].is_newer])
def newer_client(request: pytest.FixtureRequest, target: Target) -> Iterator[Official]:
    """Each official client that knows lists of images and the event stream."""
    official = Official(CLIENTS[request.param], target.settings)
    yield official
    official.close()


@pytest.fixture
def sample(target: Target) -> Sample:
    """An edit that works."""
    return Sample(target.model)
