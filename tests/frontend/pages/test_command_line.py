"""`retouch admin`."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest
from typer.testing import CliRunner

from frontend.administration.admin_secret import is_admin_secret
from frontend.administration.command_line import admin
from frontend.administration.sessions import Sessions
from frontend.database.database import Database
from frontend.settings import Settings

Result = TypeVar("Result")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the commands find the database."""
    monkeypatch.setenv("RETOUCH_HOME", str(tmp_path))
    monkeypatch.setenv("RETOUCH_PUBLIC_BASE_URL", "https://pictures.example/retouch/")
    return tmp_path


def said(*arguments: str) -> str:
    """What a command prints."""
    result = CliRunner().invoke(admin, arguments)
    assert result.exit_code == 0, result.output
    return result.stdout.strip()


def ask(home: Path, question: Callable[[Database], Awaitable[Result]]) -> Result:
    """Ask the database that the commands wrote to."""

    async def run() -> Result:
        async with Database.open(Settings(home=home)) as database:
            return await question(database)

    return asyncio.run(run())


def test_link_prints_an_address_that_signs_in(home: Path) -> None:
    address, fragment = said("link").split("#")
    assert address == "https://pictures.example/retouch/"
    token = fragment.removeprefix("sign-in=")
    assert ask(home, lambda database: Sessions(database, 60).use_link(token))


def test_reset_secret_prints_the_only_secret_that_is_good(home: Path) -> None:
    old, new = said("reset-secret"), said("reset-secret")
    assert all(re.fullmatch(r"([a-z2-7]{8}-){3}[a-z2-7]{8}", secret) for secret in (old, new))
    assert ask(home, lambda database: is_admin_secret(database, new))
    assert not ask(home, lambda database: is_admin_secret(database, old))
