"""The key that a newcomer needs."""

from frontend.database import Database
from frontend.keys.store import Keys
from frontend.settings import Settings


async def ensure_first_key(settings: Settings) -> str | None:
    """Create a key named "first" where there has never been a key.

    Returns:
        The new key's secret, to be printed once, or None if there are keys.

    Raises:
        UnavailableError: the database cannot be reached.
    """
    async with Database.open(settings) as database:
        keys = Keys(database)
        return None if await keys.any() else await keys.create("first")
