"""A stop loses no accepted edit, and takes no new one."""

import asyncio
import contextlib
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.e2e.edits import Edit, post, random_edit
from tests.e2e.models import SMALL
from tests.e2e.product import Product, running
from tests.e2e.statistics import executions
from tests.export.published import Published
from tests.frontend.uploads import MEBIBYTE, answer_to, edit_head, status_of

EDITS = 6
STEPS = 100
IMAGES = 8


@pytest.fixture
async def draining(
    tmp_path: Path, published: dict[str, Published]
) -> AsyncIterator[tuple[Product, httpx.AsyncClient, list[asyncio.Task[httpx.Response]]]]:
    """A product that was told to stop while six edits, some streaming, were under way."""
    with running(tmp_path / "home", [published[SMALL].repository]) as product:
        async with httpx.AsyncClient(
            base_url=product.url, headers=product.headers, timeout=60
        ) as http:
            edits = [asyncio.create_task(post(http, edit)) for edit in slow_edits()]
            while await accepted(product) < EDITS:
                await asyncio.sleep(0.02)
            while await executions(product.triton, f"{SMALL}.unet") < 3:
                await asyncio.sleep(0.02)
            product.process.send_signal(signal.SIGTERM)
            yield product, http, edits


async def accepted(product: Product) -> float:
    """How many edits wait for the model or run, by the frontend's metrics."""
    async with httpx.AsyncClient() as http:
        page = (await http.get(product.metrics[0])).text
    return sum(
        sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
        if sample.name in ("retouch_waiting_edits", "retouch_running_edits")
    )


def slow_edits() -> list[Edit]:
    """More rows than the model takes at once, so that some of them wait."""
    rng = np.random.default_rng(6)
    whole: dict[str, Any] = {"num_inference_steps": STEPS, "n": IMAGES}
    streaming = whole | {"stream": "true", "partial_images": 1}
    return [
        random_edit(rng, SMALL, **(streaming if number % 2 else whole)) for number in range(EDITS)
    ]


async def test_accepted_edits_are_finished_and_new_ones_refused(
    draining: tuple[Product, httpx.AsyncClient, list[asyncio.Task[httpx.Response]]],
) -> None:
    product, http, edits = draining
    await asyncio.sleep(0.5)
    ready = await http.get("/health/ready")
    assert (ready.status_code, ready.json()["status"]) == (503, "draining")
    assert (await http.get("/health/live")).status_code == httpx.codes.OK
    refused = await post(http, random_edit(np.random.default_rng(0), SMALL))
    assert refused.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert refused.json()["error"]["code"] == "service_unavailable"
    assert 1 <= int(refused.headers["retry-after"]) <= 120
    assert refused.headers["connection"] == "close"
    head = edit_head(f"Content-Length: {4 * MEBIBYTE}", f"Authorization: Bearer {product.key}")
    assert status_of(await asyncio.to_thread(answer_to, product.url, head)) == 503
    # The first to come may have had the loop to itself for a while.
    assert not all(edit.done() for edit in edits), "the edits were over before the end"

    answers = await asyncio.gather(*edits)
    assert [answer.status_code for answer in answers] == [httpx.codes.OK] * EDITS
    for number, answer in enumerate(answers):
        if number % 2:
            assert answer.text.count("event: image_edit.completed") == IMAGES
        else:
            assert len([image["b64_json"] for image in answer.json()["data"]]) == IMAGES
    assert await asyncio.to_thread(product.process.wait, 60) == 0


async def test_a_second_signal_stops_at_once(
    draining: tuple[Product, httpx.AsyncClient, list[asyncio.Task[httpx.Response]]],
) -> None:
    product, _, edits = draining
    await asyncio.sleep(0.2)
    refused = asyncio.create_task(send_on_after_refusal(product))
    await asyncio.sleep(0.3)
    product.process.send_signal(signal.SIGTERM)
    insisted = time.monotonic()
    assert await asyncio.to_thread(product.process.wait, 30) == 0
    assert time.monotonic() - insisted < 5
    answers = await asyncio.gather(*edits)
    for answer in answers:
        assert_told_to_come_again(answer)
    assert (await refused).startswith(b"HTTP/1.1 503")
    assert "Traceback" not in (product.home / "serve.log").read_text()


def assert_told_to_come_again(answer: httpx.Response) -> None:
    """Assert a 503, or of a stream that had begun, a last event that says the same."""
    if answer.status_code == httpx.codes.OK:
        last = answer.text.strip().split("\n\n")[-1]
        assert last.startswith("event: error\n"), last[:200]
        assert '"code":"service_unavailable"' in last
    else:
        assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
        assert 1 <= int(answer.headers["retry-after"]) <= 120


async def send_on_after_refusal(product: Product) -> bytes:
    """Send a body slowly until hung up on; returns what was answered at its beginning."""
    host, _, port = product.url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(edit_head("Content-Length: 1000000", f"Authorization: Bearer {product.key}"))
    answer = await reader.readuntil(b"}}")
    with contextlib.suppress(ConnectionError):
        while True:
            writer.write(b"a")
            await writer.drain()
            await asyncio.sleep(0.1)
    writer.transport.abort()
    return answer
