"""Both images, built from nothing but Debian and the package index, and a container of each."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.containers import base_images, containers, engine, package_index
from tests.containers.containers import Container
from tests.containers.engine import Engine
from tests.containers.network import Network, network

_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "retouch-containers"


@pytest.fixture(scope="session")
def images(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine that has both images; the bases stay there for the next run."""
    if missing := engine.missing():
        pytest.skip(f"no containers here: {', '.join(missing)}")
    builder = Engine.of(_CACHE)
    options = package_index.build_options(tmp_path_factory.mktemp("pip"))
    base_images.prepare(builder, options)
    for image, name in ((containers.TRITON, "triton"), (containers.FRONTEND, "frontend")):
        builder.build(Path(f"docker/{name}.Dockerfile"), image, Path(), options)
    yield builder
    builder.podman("image", "prune", "--force")


@pytest.fixture(scope="session")
def cable(images: Engine) -> Iterator[Network]:  # noqa: ARG001 - skips where there are none
    """The network of the containers."""
    with network() as made:
        yield made


@pytest.fixture(scope="session")
def triton(images: Engine, cable: Network) -> Iterator[Container]:
    """Triton with the built-in model."""
    with containers.triton(images, cable) as running:
        yield running


@pytest.fixture(scope="session")
def frontend(images: Engine, cable: Network, triton: Container) -> Iterator[Container]:  # noqa: ARG001
    """The frontend before it, on its usual port."""
    with containers.frontend(images, cable, 8080) as running:
        yield running
