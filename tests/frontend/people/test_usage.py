"""Usage: every edit by a known key is recorded once, however it ends, and nothing private is."""

import asyncio
import csv
import io
import json
import sqlite3
import time
from typing import Any

import pytest
import typer
from fastapi import FastAPI
from httpx import AsyncClient, Response
from sqlalchemy import select, text
from structlog.testing import capture_logs
from typer.testing import CliRunner

from frontend.database.database import Database
from frontend.errors.service import ModelFailedError
from frontend.services import Services
from frontend.settings import Settings
from frontend.usage.command_line import usage as usage_command
from frontend.usage.entry import Entry
from frontend.usage.recorder import UsageRecorder
from frontend.usage.report import usage_report
from frontend.usage.table import Usage
from tests.frontend.caller import Caller
from tests.frontend.painter import Painter
from tests.frontend.samples import mask_with_hole, noise, png_of
from tests.frontend.waiting import until

FILES = {"image": png_of(noise(64)), "mask": png_of(mask_with_hole(64, 10, 10, 30, 30))}
FIELDS = {"prompt": "a secret bird", "model": "retouch-mini", "size": "256x256"}
DAY_SECONDS = 86400

command = typer.Typer()
command.command()(usage_command)


async def edit(client: AsyncClient, **fields: str) -> Response:
    return await client.post("/v1/images/edits", data=FIELDS | fields, files=FILES)


async def recorded(services: Services) -> list[Usage]:
    await services.usage.flush()
    async with services.database.transaction() as session:
        return list(await session.scalars(select(Usage).order_by(Usage.created_at)))


def entry(number: int, **values: Any) -> Entry:
    return {
        "request_id": f"req_{number}",
        "created_at": int(time.time()),
        "key_id": "key_1",
        "end_user": None,
        "model": "retouch-mini",
        "images": 1,
        "size": "256x256",
        "status": 200,
        "code": None,
        "duration_milliseconds": 1500,
    } | values


async def test_an_edit_is_recorded_with_all_but_its_content(
    services: Services, client: AsyncClient
) -> None:
    answer = await edit(client, n="2", user="alice", negative_prompt="a hidden cat")
    [row] = await recorded(services)
    [key] = await services.keys.list()
    assert row.request_id == answer.headers["x-request-id"]
    assert row.created_at == pytest.approx(time.time(), abs=10)
    assert (row.key_id, row.end_user, row.model) == (key.id, "alice", "retouch-mini")
    assert (row.images, row.size, row.status, row.code) == (2, "256x256", 200, None)
    assert 0 < row.duration_milliseconds < 60_000
    async with services.database.transaction() as session:
        held = str((await session.execute(text("SELECT * FROM usage"))).all())
    for content in ("secret bird", "hidden cat"):
        assert content not in held


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"size": "1x1"}, 400, "invalid_value"),
        ({"model": "unknown"}, 404, "model_not_found"),
        ({"user": "eve"}, 403, "user_blocked"),
    ],
)
async def test_a_refusal_is_recorded_with_its_code(
    services: Services, client: AsyncClient, fields: dict[str, str], status: int, code: str
) -> None:
    await services.blocks.block("eve")
    assert (await edit(client, **fields)).status_code == status
    [row] = await recorded(services)
    assert (row.status, row.code) == (status, code)


async def test_a_fault_of_ours_is_recorded_as_one(
    services: Services, client: AsyncClient, painter: Painter
) -> None:
    painter.failure = RuntimeError()
    assert (await edit(client)).status_code == 500
    [row] = await recorded(services)
    assert (row.status, row.code) == (500, "server_error")


async def test_a_failure_in_mid_stream_is_recorded_though_its_status_was_good(
    services: Services, client: AsyncClient, painter: Painter
) -> None:
    painter.breaks = ModelFailedError()
    answer = await edit(client, stream="true", partial_images="1")
    assert answer.status_code == 200
    [row] = await recorded(services)
    assert (row.status, row.code) == (200, "model_failed")


async def test_a_stream_is_recorded_when_it_ends(
    services: Services, client: AsyncClient, painter: Painter
) -> None:
    painter.may_finish.clear()
    streaming = asyncio.create_task(edit(client, stream="true"))
    await until(lambda: painter.running == 1)
    assert await recorded(services) == []
    painter.may_finish.set()
    await streaming
    [row] = await recorded(services)
    assert (row.status, row.code) == (200, None)


async def test_a_client_that_leaves_is_recorded_as_gone(
    app: FastAPI, services: Services, key: str, painter: Painter
) -> None:
    painter.may_finish.clear()
    caller = Caller(app, key)
    calling = asyncio.create_task(caller.call())
    await until(lambda: painter.running == 1)
    caller.left.set()
    await calling
    [row] = await recorded(services)
    assert (row.status, row.code) == (499, None)


async def test_a_client_that_leaves_a_stream_is_recorded_as_gone(
    app: FastAPI, services: Services, key: str, painter: Painter
) -> None:
    painter.may_finish.clear()
    caller = Caller(app, key, stream="true")
    calling = asyncio.create_task(caller.call())
    await until(lambda: painter.running == 1)
    caller.left.set()
    await calling
    [row] = await recorded(services)
    assert (row.status, row.code) == (499, None)


@pytest.mark.parametrize("stream", ["false", "true"])
async def test_a_failure_under_an_idempotency_key_is_recorded_with_its_code(
    services: Services, client: AsyncClient, painter: Painter, stream: str
) -> None:
    painter.breaks = ModelFailedError()
    client.headers["Idempotency-Key"] = "once"
    await edit(client, stream=stream, **({"partial_images": "1"} if stream == "true" else {}))
    [row] = await recorded(services)
    assert (row.status, row.code) == (200 if stream == "true" else 500, "model_failed")


async def test_images_are_recorded_once_however_often_their_answer_is_asked_for(
    services: Services, client: AsyncClient
) -> None:
    client.headers["Idempotency-Key"] = "once"
    for _ in range(3):
        assert (await edit(client, n="2")).status_code == 200
    await services.usage.flush()
    [line] = await usage_report(services.database, "key")
    assert (line.requests, line.images) == (3, 2)


async def test_nobody_is_recorded_without_a_valid_key(
    services: Services, anonymous: AsyncClient
) -> None:
    assert (await edit(anonymous)).status_code == 401
    anonymous.headers["Authorization"] = "Bearer sk-wrong"
    assert (await edit(anonymous)).status_code == 401
    assert await recorded(services) == []


async def test_entries_are_written_in_the_background_and_the_rest_at_the_end(
    settings: Settings,
) -> None:
    async with Database.open(settings) as database:
        async with UsageRecorder.open(database, 90) as recorder:
            recorder.put(entry(1))
            await asyncio.sleep(1.5)
            [line] = await usage_report(database, "key")
            assert line.requests == 1
            for number in range(2, 1200):
                recorder.put(entry(number))
        [line] = await usage_report(database, "key")
    assert line.requests == 1199


async def test_what_is_older_than_the_retention_is_swept(settings: Settings) -> None:
    now = int(time.time())
    async with Database.open(settings) as database:
        recorder = UsageRecorder(database, 7)
        recorder.put(entry(1, created_at=now - 8 * DAY_SECONDS))
        recorder.put(entry(2, created_at=now - 6 * DAY_SECONDS))
        await recorder.flush()
        await recorder.sweep()
        [line] = await usage_report(database, "key")
    assert (line.requests, line.last_at) == (1, now - 6 * DAY_SECONDS)


async def test_what_cannot_be_written_now_is_written_later(tmp_path: Any) -> None:
    settings = Settings(home=tmp_path)
    async with Database.open(settings) as database:
        recorder = UsageRecorder(database, 90)
        recorder.put(entry(1))
        other = sqlite3.connect(tmp_path / "retouch.db")
        other.execute("ALTER TABLE usage RENAME TO gone")
        with capture_logs() as logs:
            await recorder.flush()
        other.execute("ALTER TABLE gone RENAME TO usage")
        other.close()
        await recorder.flush()
        [line] = await usage_report(database, "key")
    assert line.requests == 1
    assert [log["event"] for log in logs] == ["usage_not_written"]


async def test_what_can_never_be_written_does_not_stop_the_rest(settings: Settings) -> None:
    async with Database.open(settings) as database:
        recorder = UsageRecorder(database, 90)
        for number in (1, 1):
            recorder.put(entry(number))
            await recorder.flush()
        recorder.put(entry(2))
        await recorder.flush()
        [line] = await usage_report(database, "key")
    assert line.requests == 2


async def filled(settings: Settings) -> None:
    now = int(time.time())
    async with Database.open(settings) as database:
        recorder = UsageRecorder(database, 90)
        recorder.put(entry(1, images=3, end_user="alice"))
        recorder.put(entry(2, images=2, end_user="[b]bob[/b]", duration_milliseconds=2500))
        recorder.put(entry(3, images=9, status=403, code="user_blocked", end_user="eve"))
        recorder.put(entry(4, images=9, status=499, end_user="alice"))
        recorder.put(entry(5, images=9, code=ModelFailedError.code, end_user="alice"))
        recorder.put(entry(6, created_at=now - 8 * DAY_SECONDS, key_id="key_2"))
        recorder.put(entry(7, images=None, size=None, model=None, status=429, code="x"))
        await recorder.flush()


def test_usage_by_key_counts_images_made_and_how_the_rest_ended(
    command_line: CliRunner, settings: Settings
) -> None:
    asyncio.run(filled(settings))
    shown = json.loads(command_line.invoke(command, ["--json"]).stdout)
    first, second = shown
    assert (first["group"], first["images"], first["requests"]) == ("key_1", 5, 6)
    assert (first["refused"], first["left"], first["failed"]) == (2, 1, 1)
    assert first["mean_seconds"] == 2.0
    assert (second["group"], second["images"]) == ("key_2", 1)


def test_usage_by_user_and_day_and_since(command_line: CliRunner, settings: Settings) -> None:
    asyncio.run(filled(settings))
    arguments = ["--by=user", "--since=7d", "--csv"]
    rows = list(csv.DictReader(io.StringIO(command_line.invoke(command, arguments).stdout)))
    images = {row["group"]: int(row["images"]) for row in rows}
    assert images == {"alice": 3, "[b]bob[/b]": 2, "eve": 0, "": 0}
    days = json.loads(command_line.invoke(command, ["--by=day", "--json"]).stdout)
    today = time.strftime("%Y-%m-%d", time.gmtime())
    assert [day["images"] for day in days] == [5, 1]
    assert days[0]["group"] in (today, time.strftime("%Y-%m-%d", time.gmtime(time.time() - 60)))


def test_the_table_shows_users_as_they_are_named(
    command_line: CliRunner, settings: Settings
) -> None:
    asyncio.run(filled(settings))
    shown = command_line.invoke(command, ["--by=user"], env={"COLUMNS": "160"}).stdout
    assert "[b]bob[/b]" in shown
    assert "mean time" in shown


def test_a_user_can_command_neither_the_terminal_nor_a_spreadsheet(
    command_line: CliRunner, settings: Settings
) -> None:
    asyncio.run(recorded_for("=HYPERLINK()", settings))
    asyncio.run(recorded_for("\x1b]0;title\a\u202eeve", settings))
    table = command_line.invoke(command, ["--by=user"], env={"COLUMNS": "160"}).stdout
    assert r"\x1b]0;title\x07\u202eeve" in table
    assert "\x1b" not in table
    file = command_line.invoke(command, ["--by=user", "--csv"]).stdout
    assert "'=HYPERLINK()" in [row["group"] for row in csv.DictReader(io.StringIO(file))]


async def recorded_for(user: str, settings: Settings) -> None:
    async with Database.open(settings) as database:
        recorder = UsageRecorder(database, 90)
        recorder.put(entry(len(user), end_user=user))
        await recorder.flush()


@pytest.mark.parametrize("arguments", [["--by=prompt"], ["--since=ever"], ["--json", "--csv"]])
def test_what_usage_cannot_do_is_said(command_line: CliRunner, arguments: list[str]) -> None:
    refused = command_line.invoke(command, arguments)
    assert refused.exit_code == 2
    assert refused.stdout == ""


async def test_a_key_is_shown_by_its_name(services: Services, client: AsyncClient) -> None:
    await edit(client)
    await services.usage.flush()
    [line] = await usage_report(services.database, "key")
    assert line.name == "tests"
