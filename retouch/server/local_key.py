"""The key of the person at this machine's terminal, so that a newcomer needs no command for it."""

from frontend.database.database import Database
from frontend.errors.access import AccessError
from frontend.keys.store import Keys
from frontend.settings import Settings

FILE_NAME = "local-key"


async def local_key(settings: Settings) -> str | None:
    """Return the local key, made at the first start and kept readable by its owner alone.

    It is a key like any other, and revoking it is lasting: None where it is revoked, and where keys
    were made by hand before the first start.
    """
    file = settings.home / FILE_NAME
    async with Database.open(settings) as database:
        keys = Keys(database)
        if file.exists():
            return await _if_valid(keys, file.read_text().strip())
        if await keys.any():
            return None
        secret = await keys.create("local")
    file.touch(mode=0o600)
    file.write_text(secret + "\n")
    return secret


async def _if_valid(keys: Keys, secret: str) -> str | None:
    try:
        await keys.check(secret)
    except AccessError:
        return None
    return secret
