"""Keys: made once, stored as a hash, revoked for good."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from httpx import AsyncClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from typer.testing import CliRunner

from frontend.database.database import Database
from frontend.errors.service import UnavailableError
from frontend.keys.command_line import keys as keys_command
from frontend.keys.secret import is_well_formed, new_secret, shown_prefix
from frontend.keys.store import Keys
from frontend.services import Services
from frontend.settings import Settings


@pytest.fixture
def home(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RETOUCH_HOME", str(tmp_path))
    monkeypatch.setenv("RETOUCH_DATABASE_URL", database_url)
    return tmp_path


@pytest.fixture
def sqlite_settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def test_a_new_key_is_well_formed_and_unlike_the_last() -> None:
    first, second = new_secret(), new_secret()
    assert first != second
    assert first.startswith("sk-rt-")
    assert is_well_formed(first)


@given(st.integers(0, 47), st.characters(codec="ascii"))
def test_a_mistyped_key_is_seen_without_the_database(position: int, typed: str) -> None:
    secret = new_secret()
    mistyped = secret[:position] + typed + secret[position + 1 :]
    assert is_well_formed(mistyped) == (mistyped == secret)


@pytest.mark.parametrize("other", ["", "sk-", "sk-rt-", "\u00e4" * 48, "sk-rt-" + "0" * 42])
def test_other_text_is_no_key(other: str) -> None:
    assert not is_well_formed(other)


async def test_a_key_opens_until_it_is_revoked(services: Services, client: AsyncClient) -> None:
    assert (await client.get("/v1/models")).status_code == 200
    [key] = await services.keys.list()
    assert key.last_used_at is not None
    assert await services.keys.revoke(key.id) == 1
    assert (await client.get("/v1/models")).status_code == 401
    assert await services.keys.revoke(key.id) == 0


async def test_a_well_formed_key_that_is_not_ours_is_refused(anonymous: AsyncClient) -> None:
    anonymous.headers["Authorization"] = f"Bearer {new_secret()}"
    assert (await anonymous.get("/v1/models")).status_code == 401


async def test_the_database_holds_no_key(services: Services) -> None:
    secret = await services.keys.create("name")
    async with services.database.transaction() as session:
        held = str((await session.execute(text("SELECT * FROM keys"))).all())
    assert shown_prefix(secret) in held
    assert secret.removeprefix(shown_prefix(secret)) not in held


def test_create_prints_the_key_alone_and_list_never_does(home: Path) -> None:
    runner = CliRunner()
    created = runner.invoke(keys_command, ["create", "for tests"])
    secret = created.stdout.removesuffix("\n")
    assert is_well_formed(secret)
    assert home.exists()
    listed = runner.invoke(keys_command, ["list"], env={"COLUMNS": "200"})
    assert "for tests" in listed.stdout
    assert secret not in listed.stdout


def test_revoke_takes_a_name_and_says_when_there_is_none(home: Path) -> None:
    runner = CliRunner()
    runner.invoke(keys_command, ["create", "old"])
    assert runner.invoke(keys_command, ["revoke", "old"]).exit_code == 0
    again = runner.invoke(keys_command, ["revoke", "old"])
    assert again.exit_code == 1
    assert "'old'" in again.stderr
    assert home.exists()


async def create_in(settings: Settings) -> str:
    async with Database.open(settings) as database:
        return await Keys(database).create("name")


async def test_many_processes_may_make_the_database_at_once(settings: Settings) -> None:
    made = await asyncio.gather(*(create_in(settings) for _ in range(8)))
    async with Database.open(settings) as database:
        assert len(await Keys(database).list()) == len(set(made)) == 8


async def test_a_database_that_is_none_means_unavailable(sqlite_settings: Settings) -> None:
    sqlite_settings.home.mkdir()
    (sqlite_settings.home / "retouch.db").write_bytes(b"nonsense" * 1000)
    with pytest.raises(UnavailableError):
        await create_in(sqlite_settings)


async def test_keys_are_made_and_checked_while_another_process_writes(
    sqlite_settings: Settings,
) -> None:
    await create_in(sqlite_settings)
    connection = sqlite3.connect(sqlite_settings.home / "retouch.db", check_same_thread=False)
    connection.execute("BEGIN IMMEDIATE")
    creating = asyncio.create_task(create_in(sqlite_settings))
    await asyncio.sleep(0.3)
    assert not creating.done()
    connection.rollback()
    connection.close()
    assert is_well_formed(await creating)
