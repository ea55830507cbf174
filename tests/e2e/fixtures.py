"""The running product, for every folder whose tests ask the real thing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.models import FAMILIES
from tests.e2e.product import Product, running
from tests.export.fixtures import Exporter
from tests.export.published import Published

BUILT_IN_REPOSITORY = Path("model_repository")


@pytest.fixture(scope="session")
def published(exported: Exporter) -> dict[str, Published]:
    """A small model of every family and of every engine and precision, by served id."""
    from export.request import Engine, Precision

    models = [exported(checkpoint) for checkpoint in FAMILIES]
    models.append(exported("sd1_inpainting", Precision.FP32, Engine.OPENVINO))
    models.append(exported("built_in", Precision.BF16, Engine.OPENVINO))
    models.append(exported("sd1_inpainting", cache_interval=2))
    return {model.model_id: model for model in models}


@pytest.fixture(scope="session")
def product(
    published: dict[str, Published], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Product]:
    """The product, serving the built-in model and the exported ones."""
    repositories = [BUILT_IN_REPOSITORY, *(model.repository for model in published.values())]
    with running(tmp_path_factory.mktemp("home"), repositories) as product:
        yield product
