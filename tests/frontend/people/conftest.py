"""Every test of this folder that touches a database runs on each kind of it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from frontend.settings import Settings


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database that does not exist yet, or is empty."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/retouch.db"
    url: str = request.getfixturevalue("postgresql_database")
    return url


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return Settings(home=tmp_path / "home", port=8099, database_url=database_url)


@pytest.fixture
def command_line(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """Runs commands on the database of `settings`."""
    monkeypatch.setenv("RETOUCH_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("RETOUCH_DATABASE_URL", database_url)
    return CliRunner()
