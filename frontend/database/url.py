"""Which databases there are, and how SQLAlchemy is told to reach them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

SQLITE: Final = "sqlite"
_DRIVERS: Final[Mapping[str, str]] = {
    SQLITE: "sqlite+aiosqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",  # as many hosters write it
}
_EXPECTED: Final = "expected postgresql://USER:PASSWORD@HOST/NAME or sqlite:////FOLDER/FILE"


def database_url(text: str) -> URL:
    """Read an operator's URL; a driver that it names gives way to the one that we are tested with.

    Raises:
        ValueError: the text is no URL of a database that we know. It is not quoted: it may hold
            a password.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:
        raise ValueError(_EXPECTED) from error
    backend = url.drivername.partition("+")[0]
    if backend not in _DRIVERS or (backend == SQLITE and url.database in (None, "", ":memory:")):
        raise ValueError(_EXPECTED)
    return url.set(drivername=_DRIVERS[backend])


def sqlite_url(file: Path) -> URL:
    """Return the URL of a file, whatever characters its path has."""
    return URL.create(_DRIVERS[SQLITE], database=str(file))


def is_sqlite(url: URL) -> bool:
    """Whether the database is a file of this machine."""
    return url.get_backend_name() == SQLITE
