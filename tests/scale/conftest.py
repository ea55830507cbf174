"""The cluster, and a client that knows its proxy."""

from collections.abc import Iterator

import pytest

from tests.scale.cluster import Cluster, running_cluster

HTTP_SECONDS = 60


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Two frontends and two Tritons; tests leave them running."""
    with running_cluster(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def key(cluster: Cluster) -> str:
    """A key without limits of its own."""
    return cluster.retouch("keys", "create", "tests")
