"""Blocked users: refused before their edit costs anything, whatever key they come with."""

import pytest
from httpx import AsyncClient, Response
from sqlalchemy import text
from structlog.testing import capture_logs
from typer.testing import CliRunner

from frontend.blocks.command_line import users as command
from frontend.services import Services
from tests.frontend.painter import Painter
from tests.frontend.samples import mask_with_hole, noise, png_of

FILES = {"image": png_of(noise(64)), "mask": png_of(mask_with_hole(64, 10, 10, 30, 30))}
FIELDS = {"prompt": "a bird", "model": "retouch-mini", "size": "256x256"}
BLOCKED = "eve@example.com"


async def edit(client: AsyncClient, **people: str) -> Response:
    return await client.post("/v1/images/edits", data=FIELDS | people, files=FILES)


@pytest.mark.parametrize("field", ["user", "safety_identifier"])
async def test_a_blocked_user_is_403_until_unblocked(
    services: Services, client: AsyncClient, painter: Painter, field: str
) -> None:
    await services.blocks.block(BLOCKED)
    answer = await edit(client, **{field: BLOCKED})
    error = answer.json()["error"]
    assert (answer.status_code, error["type"]) == (403, "invalid_request_error")
    assert (error["code"], error["param"]) == ("user_blocked", field)
    assert BLOCKED not in answer.text
    assert painter.edits == []
    assert (await edit(client, **{field: "alice"})).status_code == 200
    assert (await edit(client)).status_code == 200
    await services.blocks.unblock(BLOCKED)
    assert (await edit(client, **{field: BLOCKED})).status_code == 200


async def test_the_safety_identifier_is_who_counts(services: Services, client: AsyncClient) -> None:
    await services.blocks.block(BLOCKED)
    assert (await edit(client, user=BLOCKED, safety_identifier="alice")).status_code == 200
    assert (await edit(client, user="alice", safety_identifier=BLOCKED)).status_code == 403


async def test_a_block_comes_before_the_pictures_are_looked_at(
    services: Services, client: AsyncClient
) -> None:
    await services.blocks.block(BLOCKED)
    files = {"image": b"no picture"}
    answer = await client.post("/v1/images/edits", data=FIELDS | {"user": BLOCKED}, files=files)
    assert answer.status_code == 403


@pytest.mark.parametrize("field", ["user", "safety_identifier"])
async def test_a_user_that_no_database_can_hold_is_refused(client: AsyncClient, field: str) -> None:
    answer = await edit(client, **{field: "eve\0"})
    error = answer.json()["error"]
    assert (answer.status_code, error["param"], error["code"]) == (400, field, "invalid_value")


async def test_a_database_that_fails_puts_no_user_into_the_log(
    services: Services, client: AsyncClient
) -> None:
    async with services.database.transaction() as session:
        await session.execute(text("DROP TABLE blocked_users"))
    with capture_logs() as logs:
        assert (await edit(client, user=BLOCKED)).status_code == 503
    assert "blocked_users" in str(logs)
    assert BLOCKED not in str(logs)


def test_the_commands_block_list_and_unblock(command_line: CliRunner) -> None:
    blocked = ["block", BLOCKED, "--reason=[bold]spam[/bold]"]
    assert command_line.invoke(command, blocked).exit_code == 0
    assert "already" in command_line.invoke(command, blocked).stderr
    listed = command_line.invoke(command, ["blocked"], env={"COLUMNS": "200"}).stdout
    assert BLOCKED in listed
    assert "[bold]spam[/bold]" in listed
    assert command_line.invoke(command, ["unblock", BLOCKED]).exit_code == 0
    assert BLOCKED not in command_line.invoke(command, ["blocked"]).stdout
    again = command_line.invoke(command, ["unblock", BLOCKED])
    assert (again.exit_code, again.stderr) == (1, f"'{BLOCKED}' is not blocked.\n")
