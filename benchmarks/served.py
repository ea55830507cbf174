"""The running product that is measured."""

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tests.e2e.product import Product, running


@dataclass(frozen=True)
class Triton:
    """A Triton that runs already.

    Attributes:
        grpc: its gRPC, host:port.
        metrics: URL of its metrics page.
    """

    grpc: str
    metrics: str


@contextlib.contextmanager
def served(repositories: Sequence[Path], triton: Triton | None) -> Iterator[Product]:
    """Start the product with a Triton of its own, or before one that runs already."""
    options = [f"--triton=grpc://{triton.grpc}"] if triton else []
    with (
        tempfile.TemporaryDirectory() as home,
        running(Path(home), repositories, *options) as product,
    ):
        if triton:
            pages = (product.metrics[0], triton.metrics)
            product = replace(product, triton=triton.grpc, metrics=pages)
        yield product
