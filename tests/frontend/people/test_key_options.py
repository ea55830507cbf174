"""What a key may do, from the command line to the request."""

import asyncio
import time

import pytest
from httpx import AsyncClient
from typer.testing import CliRunner

from frontend.database.database import Database
from frontend.keys.command_line import keys as command
from frontend.keys.store import Keys
from frontend.keys.table import Key
from frontend.services import Services
from frontend.settings import Settings

DAY_SECONDS = 86400
OPTIONS = ("--images-per-minute=5", "--requests-per-minute=60", "--concurrent=2", "--model=b")


def only_key(settings: Settings) -> Key:
    async def read() -> Key:
        async with Database.open(settings) as database:
            [key] = await Keys(database).list()
        return key

    return asyncio.run(read())


def test_create_keeps_what_the_options_say(command_line: CliRunner, settings: Settings) -> None:
    created = command_line.invoke(command, ["create", "x", "--expires=30d", *OPTIONS, "--model=a"])
    assert created.exit_code == 0, created.output
    key = only_key(settings)
    assert key.expires_at == pytest.approx(time.time() + 30 * DAY_SECONDS, abs=10)
    assert (key.images_per_minute, key.requests_per_minute, key.concurrent_edits) == (5, 60, 2)
    assert key.models == ["a", "b"]


def test_update_changes_what_is_named_and_nothing_else(
    command_line: CliRunner, settings: Settings
) -> None:
    command_line.invoke(command, ["create", "x", "--expires=30d", *OPTIONS])
    options = ["--images-per-minute=default", "--model=all", "--expires=never"]
    assert command_line.invoke(command, ["update", "x", *options]).exit_code == 0
    key = only_key(settings)
    assert (key.images_per_minute, key.models, key.expires_at) == (None, None, None)
    assert (key.requests_per_minute, key.concurrent_edits) == (60, 2)


def test_list_shows_state_and_limits(command_line: CliRunner) -> None:
    command_line.invoke(command, ["create", "[red]old[/red]", "--expires=0s"])
    command_line.invoke(command, ["create", "x", *OPTIONS])
    command_line.invoke(command, ["create", "y"])
    command_line.invoke(command, ["revoke", "y"])
    listed = command_line.invoke(command, ["list"], env={"COLUMNS": "300"}).stdout.splitlines()
    [old] = [line for line in listed if "[red]old[/red]" in line]
    [limited] = [line for line in listed if "5 images/min, 60 requests/min, 2 at once" in line]
    assert "expired" in old
    assert "valid" in limited
    assert any("revoked" in line for line in listed)


@pytest.mark.parametrize(
    "arguments",
    [
        ["create", "x", "--expires=soon"],
        ["create", "x", "--expires=999999w"],
        ["create", "x", "--images-per-minute=0"],
        ["create", "x", "--concurrent=-1"],
        ["create", "x", "--requests-per-minute=many"],
        ["create", "x" * 201],
        ["create", ""],
        ["update", "x"],
        ["update", "nobody", "--expires=1d"],
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    command_line: CliRunner, arguments: list[str]
) -> None:
    refused = command_line.invoke(command, arguments)
    assert refused.exit_code != 0
    assert refused.stdout == ""
    assert refused.stderr
    assert isinstance(refused.exception, SystemExit)
    assert "valid" not in command_line.invoke(command, ["list"]).stdout


def test_a_wrong_setting_is_one_line(
    command_line: CliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RETOUCH_DATABASE_URL", "mysql://me:secret@db/retouch")
    refused = command_line.invoke(command, ["list"])
    assert refused.exit_code == 1
    assert refused.stderr.count("\n") == 1
    assert refused.stderr.startswith("RETOUCH_DATABASE_URL: ")
    assert "secret" not in refused.stderr


def test_a_database_that_nobody_serves_is_one_line(
    command_line: CliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RETOUCH_DATABASE_URL", "postgresql://me:secret@127.0.0.1:1/none")
    refused = command_line.invoke(command, ["list"])
    assert refused.exit_code == 1
    assert refused.stderr.count("\n") == 1
    assert "127.0.0.1:1/none cannot be used: " in refused.stderr
    assert "secret" not in refused.stderr


async def test_an_expired_key_is_refused_and_told_so(
    services: Services, anonymous: AsyncClient
) -> None:
    secret = await services.keys.create("short", expires_at=int(time.time()) + 2)
    anonymous.headers["Authorization"] = f"Bearer {secret}"
    assert (await anonymous.get("/v1/models")).status_code == 200
    await services.keys.update("short", expires_at=int(time.time()))
    answer = await anonymous.get("/v1/models")
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "invalid_api_key")
    assert answer.json()["error"]["message"].endswith(f"{secret[-4:]}. This key has expired.")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_key_sees_and_uses_only_its_models(services: Services, client: AsyncClient) -> None:
    await services.keys.update("tests", models=["other-1.5", "not-served"])
    listed = (await client.get("/v1/models")).json()["data"]
    assert [model["id"] for model in listed] == ["other-1.5"]
    assert (await client.get("/v1/models/other-1.5")).status_code == 200
    answer = await client.get("/v1/models/retouch-mini")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "model_not_found")


async def test_an_edit_by_a_model_that_the_key_may_not_use_is_404(
    services: Services, client: AsyncClient
) -> None:
    await services.keys.update("tests", models=["other-1.5"])
    fields, files = {"prompt": "a bird", "model": "retouch-mini"}, {"image": b"not looked at"}
    answer = await client.post("/v1/images/edits", data=fields, files=files)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (404, "model_not_found")
    said = "The model `retouch-mini` does not exist or you do not have access to it."
    assert error["message"] == said
