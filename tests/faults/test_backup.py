"""The documentation's commands for backups, on databases that nobody serves."""

import stat
import subprocess
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from frontend.database.database import Database
from frontend.database.engines import migration_engine
from frontend.database.migrate import alembic_config
from frontend.errors.access import WrongKeyError
from frontend.keys.secret import digest, new_secret, shown_prefix
from frontend.keys.store import Keys
from tests.faults.backup import Site, postgresql_site, sqlite_site

OLDER_VERSION = "0005"
INSERT = text(
    "INSERT INTO keys (id, name, prefix, hash, created_at) "
    "VALUES ('key_1', 'old', :prefix, :hash, 1700000000)"
)


@pytest.fixture(params=["SQLite", "PostgreSQL", "Compose"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Site:
    if request.param == "SQLite":
        return sqlite_site(tmp_path)
    return postgresql_site(tmp_path, request.getfixturevalue("postgresql"), request.param)


@pytest.fixture
def key(site: Site) -> str:
    """The key in the site's database, which is as an older version left it."""
    site.home.mkdir(mode=0o700)
    secret = new_secret()
    engine = migration_engine(site.settings.database)
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), OLDER_VERSION)
        connection.execute(INSERT, {"prefix": shown_prefix(secret), "hash": digest(secret)})
    engine.dispose()
    return secret


async def test_one_of_an_older_version_is_migrated_also_where_a_newer_one_has_run(
    site: Site, key: str
) -> None:
    site.run(site.save)
    async with Database.open(site.settings) as database:
        new = await Keys(database).create("new")
    site.run(site.restore)
    async with Database.open(site.settings) as database:
        assert (await Keys(database).check(key)).name == "old"
        with pytest.raises(WrongKeyError):
            await Keys(database).check(new)


@pytest.mark.usefixtures("key")
def test_it_is_for_its_owner_alone(site: Site) -> None:
    site.run(site.save)
    [backup] = site.folder.glob("retouch*")
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


def test_where_there_is_no_database_there_is_an_error_and_no_backup(tmp_path: Path) -> None:
    site = sqlite_site(tmp_path)
    with pytest.raises(subprocess.CalledProcessError):
        site.run(site.save)
    assert list(tmp_path.iterdir()) == []
