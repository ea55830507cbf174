"""A client that leaves stops the work."""

from typing import Any

import httpx
import pytest

from tests.e2e.leaving import leave
from tests.e2e.product import Product


@pytest.mark.parametrize("stream", [{}, {"stream": "true", "partial_images": 3}])
async def test_the_unet_runs_at_most_once_more_after_the_client_has_left(
    http: httpx.AsyncClient, product: Product, stream: dict[str, Any]
) -> None:
    await leave(http, product.triton, stream)
