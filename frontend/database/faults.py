"""Says to the operator what is wrong with a database."""

from alembic.util import CommandError
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from frontend.errors.service import UnavailableError


def database_fault(url: URL, error: UnavailableError) -> str:
    """Return one line: which database, without its password, and what its driver says."""
    place = url.set(drivername=url.get_backend_name()).render_as_string(hide_password=True)
    return f"the database {place} cannot be used: {_reason(error.__cause__)}"


def _reason(cause: BaseException | None) -> str:
    if isinstance(cause, CommandError):
        return f"a newer version of Retouch has written it ({cause})"
    words = str(cause.orig if isinstance(cause, DBAPIError) else cause)
    return words.strip().partition("\n")[0]
