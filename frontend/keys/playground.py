"""The key that stands for the administrator in the playground."""

import time
from typing import Final

from frontend.database.database import Database
from frontend.errors.administration import PlaygroundKeyRevokedError
from frontend.keys.secret import digest, new_secret, shown_prefix
from frontend.keys.table import Key

_ID: Final = "key_playground"


async def make_playground_key(database: Database) -> None:
    """Store the key where there is none yet. It is a key like any other, but nobody has its secret.

    Raises:
        UnavailableError: the database cannot be reached.
    """
    secret = new_secret()
    async with database.transaction() as session:
        if await session.get(Key, _ID) is None:
            now = int(time.time())
            prefix, hashed = shown_prefix(secret), digest(secret)
            session.add(Key(id=_ID, name="playground", prefix=prefix, hash=hashed, created_at=now))


async def playground_key(database: Database) -> Key:
    """Return the key.

    Raises:
        PlaygroundKeyRevokedError: it was revoked or has expired; the playground needs another.
        UnavailableError: the database cannot be reached.
    """
    async with database.transaction() as session:
        key = await session.get(Key, _ID)
        if key is None or key.revoked_at is not None or key.has_expired:
            raise PlaygroundKeyRevokedError
        key.last_used_at = int(time.time())
        return key
