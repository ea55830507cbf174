"""A scrape, read by Prometheus' own parser."""

from collections.abc import Iterator

from httpx import AsyncClient
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample


class Scrape:
    """Asks a page of metrics."""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def text(self) -> str:
        answer = await self._client.get("/metrics")
        answer.raise_for_status()
        return answer.text

    async def value(self, name: str, **labels: str) -> float:
        """The sum of the samples of that name with those labels."""
        return sum(
            sample.value
            for sample in samples(await self.text())
            if sample.name == name and labels.items() <= sample.labels.items()
        )


def samples(text: str) -> Iterator[Sample]:
    """All samples of a page."""
    for family in text_string_to_metric_families(text):
        yield from family.samples
