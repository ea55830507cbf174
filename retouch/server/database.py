"""Whether the database is there, before anything slow is started."""

from frontend.database.database import Database
from frontend.database.faults import database_fault
from frontend.errors.service import UnavailableError
from frontend.settings import Settings
from retouch.server.errors import DatabaseUnusable


async def require_database(settings: Settings) -> None:
    """Reach the database and bring its schema up to date.

    Raises:
        DatabaseUnusable: that is not possible.
    """
    try:
        async with Database.open(settings):
            pass
    except UnavailableError as error:
        raise DatabaseUnusable(database_fault(settings.database, error)) from error
