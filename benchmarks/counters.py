"""What a running product's denoise loop has counted, from Triton's metrics page."""

import asyncio
from collections.abc import Mapping
from typing import Final

import httpx
from prometheus_client.parser import text_string_to_metric_families

from tests.e2e.product import Product

PREFIX: Final = "retouch_loop_"
PUBLISHED_SECONDS: Final = 1.5  # the loop tells its counts once a second

Counts = Mapping[str, float]


async def loop_counts(product: Product, model: str) -> Counts:
    """Counters of a model's loop by their names without prefix and suffix, such as "ticks"."""
    await asyncio.sleep(PUBLISHED_SECONDS)
    async with httpx.AsyncClient() as http:
        page = (await http.get(product.metrics[1])).raise_for_status().text
    return {
        sample.name.removeprefix(PREFIX).removesuffix("_total"): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
        if sample.name.startswith(PREFIX) and sample.labels["model"] == model
    }


def difference(after: Counts, before: Counts) -> Counts:
    """What was counted in between."""
    return {name: value - before[name] for name, value in after.items()}
