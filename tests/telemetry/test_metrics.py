"""What Prometheus gets of the frontend. Counters live as long as the process: changes count."""

import asyncio
import os
import socket
from pathlib import Path
from typing import Any

import httpx
import pytest
from httpx import AsyncClient

from frontend.app import create_app
from frontend.errors.service import UnavailableError
from frontend.results.open_store import store_folder
from frontend.settings import Settings
from tests.frontend.painter import Painter
from tests.frontend.samples import mask_with_hole, noise, png_of
from tests.telemetry.scrape import Scrape, samples

PROMPT = "SECRETWORD"
USER = "person@example.com"
EDITS = "/v1/images/edits"


def edit(client: AsyncClient, **fields: Any) -> Any:
    form = {"prompt": PROMPT, "model": "retouch-mini", "size": "256x256", "user": USER} | fields
    files = {"image": png_of(noise(64)), "mask": png_of(mask_with_hole(64, 1, 1, 9, 9))}
    return client.post(EDITS, data=form, files=files)


async def test_an_edit_is_counted_by_route_status_model_and_stage(
    client: AsyncClient, scrape: Scrape
) -> None:
    counted: dict[str, dict[str, str]] = {
        "retouch_http_requests_total": {"route": EDITS, "method": "POST", "status": "200"},
        "retouch_http_request_duration_seconds_count": {"route": EDITS},
        "retouch_queue_wait_seconds_count": {"model": "retouch-mini"},
    }
    stages = {"decode": 1, "denoise": 1, "finish": 2, "encode": 2, "store": 2}
    name = "retouch_stage_duration_seconds_count"
    before = {metric: await scrape.value(metric, **labels) for metric, labels in counted.items()}
    of_stages = {stage: await scrape.value(name, stage=stage) for stage in stages}
    images = await scrape.value("retouch_images_finished_total", model="retouch-mini")
    assert (await edit(client, n="2")).status_code == 200
    for metric, labels in counted.items():
        assert await scrape.value(metric, **labels) == before[metric] + 1
    for stage, count in stages.items():
        assert await scrape.value(name, stage=stage) == of_stages[stage] + count
    now = await scrape.value("retouch_images_finished_total", model="retouch-mini")
    assert now == images + 2


async def test_what_waits_and_runs_is_seen_as_it_is(
    client: AsyncClient, painter: Painter, scrape: Scrape
) -> None:
    assert await scrape.value("retouch_running_images", model="retouch-mini") == 0
    painter.may_finish.clear()
    edits = [asyncio.create_task(edit(client)) for _ in range(3)]
    while await scrape.value("retouch_waiting_images", model="retouch-mini") < 1:
        await asyncio.sleep(0.01)
    assert await scrape.value("retouch_running_edits", model="retouch-mini") == 2
    assert await scrape.value("retouch_running_images", model="retouch-mini") == 2
    assert await scrape.value("retouch_waiting_images", model="other-1.5") == 0
    painter.may_finish.set()
    await asyncio.gather(*edits)


async def test_refusals_are_counted_by_their_code(client: AsyncClient, scrape: Scrape) -> None:
    before = await scrape.value("retouch_refusals_total", code="model_not_found")
    assert (await edit(client, model="none-of-ours")).status_code == 404
    assert await scrape.value("retouch_refusals_total", code="model_not_found") == before + 1


async def test_an_edit_that_is_cancelled_is_counted(
    client: AsyncClient, painter: Painter, scrape: Scrape
) -> None:
    before = await scrape.value("retouch_edits_cancelled_total", model="retouch-mini")
    painter.may_finish.clear()
    leaving = asyncio.create_task(edit(client))
    while not painter.running:
        await asyncio.sleep(0.01)
    leaving.cancel()
    await asyncio.wait({leaving})
    assert await scrape.value("retouch_edits_cancelled_total", model="retouch-mini") == before + 1


async def test_a_triton_that_is_gone_is_seen(painter: Painter, scrape: Scrape) -> None:
    assert await scrape.value("retouch_triton_up") == 1
    painter.failure = UnavailableError()
    assert await scrape.value("retouch_triton_up") == 0
    assert await scrape.value("retouch_model_servers") == 0


async def test_a_result_store_that_fails_is_counted(
    client: AsyncClient, scrape: Scrape, settings: Settings
) -> None:
    before = await scrape.value("retouch_dependency_faults_total", dependency="results")
    folder = settings.home / "results"
    folder.rename(settings.home / "away")
    folder.write_text("no folder")
    assert (await edit(client)).status_code == 503
    assert await scrape.value("retouch_dependency_faults_total", dependency="results") > before


async def test_the_room_for_results_is_what_their_disk_has(
    scrape: Scrape, settings: Settings
) -> None:
    disk = os.statvfs(settings.home)
    assert await scrape.value("retouch_result_disk_size_bytes") == disk.f_frsize * disk.f_blocks
    free = await scrape.value("retouch_result_disk_free_bytes")
    assert free == pytest.approx(disk.f_frsize * disk.f_bavail, rel=0.05)  # others write


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        (None, "home/results"),
        ("file:///disk/my%20results", "/disk/my results"),
        ("s3://bucket/prefix", None),
    ],
)
def test_results_are_on_a_disk_of_ours_unless_they_are_in_a_bucket(
    tmp_path: Path, url: str | None, folder: str | None
) -> None:
    settings = Settings(home=tmp_path / "home", result_store=url)
    assert store_folder(settings) == (None if folder is None else tmp_path / folder)


async def test_nothing_that_a_client_chose_becomes_a_label(
    client: AsyncClient, scrape: Scrape, key: str
) -> None:
    assert (await edit(client)).status_code == 200
    await edit(client, model="CHOSEN-model")
    await client.get("/CHOSEN-path")
    await client.get("/v1/images/results/CHOSEN.png")
    await client.request("CHOSENMETHOD", "/v1/models")
    text = await scrape.text()
    for secret in (PROMPT, USER, key, key[:12], "CHOSEN"):
        assert secret not in text
    allowed = {"route", "method", "status", "code", "model", "stage", "dependency", "version", "le"}
    ours = [sample for sample in samples(text) if sample.name.startswith("retouch_")]
    assert {label for sample in ours for label in sample.labels} <= allowed


async def test_the_metrics_have_a_port_of_their_own_and_the_api_has_none(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    app = create_app(Settings(home=tmp_path, metrics_port=port), lambda _: Painter())
    async with app.router.lifespan_context(app), AsyncClient() as client:
        answer = await client.get(f"http://127.0.0.1:{port}/metrics")
        assert answer.status_code == 200
        assert "retouch_build_info" in answer.text
        assert (await client.get(f"http://127.0.0.1:{port}/v1/models")).status_code == 404
        transport = httpx.ASGITransport(app=app)
        async with AsyncClient(transport=transport, base_url="http://test") as api:
            assert (await api.get("/metrics")).status_code == 404
    async with AsyncClient() as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(f"http://127.0.0.1:{port}/metrics")
