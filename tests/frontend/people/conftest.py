"""Every test of this folder that touches a database runs on each kind of it."""

from pathlib import Path

import pytest

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
