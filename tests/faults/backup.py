"""The commands that `docs/operations.md` has for backups, run as it has them."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg

from frontend.settings import Settings
from tests.servers.postgresql import create_database, programs
from tests.servers.process import program

_PAGE: Final = Path("docs/operations.md")
_BLOCK: Final = re.compile(r"^```bash\n(.*?)^```$", re.DOTALL | re.MULTILINE)
# There is no container: the program that one would run finds the same server.
_DOCKER: Final = 'docker() { [ "$2" != exec ] || "${@:5}"; }\n'


@dataclass(frozen=True)
class Site:
    """A place where an operator works.

    Attributes:
        folder: where they are.
        variables: what their environment says.
        save: the page's commands that make a backup.
        restore: those that restore it.
        lose: makes away with the database, and with what is lost together with it.
    """

    folder: Path
    variables: Mapping[str, str]
    save: str
    restore: str
    lose: Callable[[], None]

    @property
    def home(self) -> Path:
        """The product's folder, if nothing else is said."""
        return self.folder / ".retouch"

    @property
    def settings(self) -> Settings:
        """What the product is told."""
        return Settings(home=self.home, database_url=self.variables.get("RETOUCH_DATABASE_URL"))

    def run(self, commands: str) -> None:
        """Run commands of the page."""
        subprocess.run(
            [program("bash", "bash"), "-euc", _DOCKER + commands],
            cwd=self.folder,
            env={**os.environ, **self.variables},
            check=True,
        )


def sqlite_site(folder: Path) -> Site:
    """One that has everything in its home folder, and loses it all but for the secret."""
    home = folder / ".retouch"

    def lose() -> None:
        assert (home / "retouch.db-wal").stat().st_size  # as a server that was killed leaves it
        (home / "retouch.db").write_bytes(bytes(4096))
        shutil.rmtree(home / "results", ignore_errors=True)

    return Site(folder, {}, *_commands("SQLite"), lose)


def postgresql_site(folder: Path, server: str, heading: str = "PostgreSQL") -> Site:
    """One whose database is elsewhere, on a server of ours, and is lost alone."""

    def lose() -> None:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS retouch WITH (FORCE)")
        create_database(server, "retouch")

    lose()
    host, port = server.rpartition("@")[2].split(":")
    variables = {
        "RETOUCH_DATABASE_URL": f"{server}/retouch",
        "PATH": f"{programs()}:{os.environ['PATH']}",
        "PGHOST": host,  # in the container the programs find the server without being told
        "PGPORT": port,
    }
    return Site(folder, variables, *_commands(heading), lose)


def _commands(heading: str) -> tuple[str, str]:
    """The page's commands to make a backup and to restore it."""
    section = _PAGE.read_text().partition("\n## Backup\n")[2].partition("\n## ")[0]
    part = section.partition(f"\n### {heading}\n")[2].partition("\n### ")[0]
    save, restore = _BLOCK.findall(part)
    return save, restore
