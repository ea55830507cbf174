"""What a running product has counted, from its metrics pages."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Final

import httpx
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from tests.e2e.product import Product

LOOP: Final = "retouch_loop_"
STAGE_SECONDS: Final = "retouch_stage_duration_seconds_sum"
QUEUE_SECONDS: Final = "retouch_queue_wait_seconds_sum"
PUBLISHED_SECONDS: Final = 1.5  # the loop tells its counts once a second

Counts = Mapping[str, float]


async def loop_counts(product: Product, model: str) -> Counts:
    """Counters of a model's loop by their names without prefix and suffix, such as "ticks"."""
    await asyncio.sleep(PUBLISHED_SECONDS)
    return {
        sample.name.removeprefix(LOOP).removesuffix("_total"): sample.value
        for sample in _samples(await _page(product.metrics[1]))
        if sample.name.startswith(LOOP) and sample.labels["model"] == model
    }


async def stage_seconds(product: Product) -> Counts:
    """Seconds of all edits so far in each stage at the frontend, and in its queue."""
    samples = list(_samples(await _page(product.metrics[0])))
    stages = {s.labels["stage"]: s.value for s in samples if s.name == STAGE_SECONDS}
    return {"queue": sum(s.value for s in samples if s.name == QUEUE_SECONDS), **stages}


def difference(after: Counts, before: Counts) -> Counts:
    """What was counted in between."""
    return {name: value - before[name] for name, value in after.items()}


async def _page(url: str) -> str:
    async with httpx.AsyncClient() as http:
        return (await http.get(url)).raise_for_status().text


def _samples(page: str) -> Iterator[Sample]:
    for family in text_string_to_metric_families(page):
        yield from family.samples
