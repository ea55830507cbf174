"""Keys in the database."""

import secrets
import time
from collections.abc import Sequence
from typing import Final, TypedDict, Unpack

import structlog
from sqlalchemy import func, or_, select, update

from frontend.database.database import Database
from frontend.errors.access import ExpiredKeyError, WrongKeyError
from frontend.errors.service import UnavailableError
from frontend.keys.secret import digest, is_well_formed, matches, new_secret, shown_prefix
from frontend.keys.table import Key

_LAST_USE_GRAIN_SECONDS: Final = 60  # so that a busy key does not write at every request
_log: structlog.stdlib.BoundLogger = structlog.get_logger()


class KeyOptions(TypedDict, total=False):
    """What a key may do, and until when: the columns of `Key` of these names."""

    expires_at: int | None
    images_per_minute: int | None
    requests_per_minute: int | None
    concurrent_edits: int | None
    models: list[str] | None


class Keys:
    """The keys. Every method raises UnavailableError where the database cannot be reached."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(self, name: str, **options: Unpack[KeyOptions]) -> str:
        """Store a new key called `name` and return its secret, which is not kept."""
        secret = new_secret()
        key = Key(
            id=f"key_{secrets.token_hex(8)}",
            name=name,
            prefix=shown_prefix(secret),
            hash=digest(secret),
            created_at=int(time.time()),
            **options,
        )
        async with self._database.transaction() as session:
            session.add(key)
        return secret

    async def list(self) -> Sequence[Key]:
        """Return all keys, the oldest first."""
        async with self._database.transaction() as session:
            return (await session.scalars(select(Key).order_by(Key.created_at, Key.id))).all()

    async def any(self) -> bool:
        """Whether there has ever been a key."""
        async with self._database.transaction() as session:
            return bool(await session.scalar(select(func.count()).select_from(Key)))

    async def revoke(self, reference: str) -> int:
        """Revoke the keys whose id, shown prefix or name is `reference`; return how many."""
        return await self._change(reference, revoked_at=int(time.time()))

    async def update(self, reference: str, **options: Unpack[KeyOptions]) -> int:
        """Change what unrevoked keys may do, named as for `revoke`; return how many."""
        return await self._change(reference, **options)

    async def check(self, secret: str) -> Key:
        """Return the valid key of `secret`, noting its use where the database can be written.

        Raises:
            WrongKeyError: there is no such key, or it is revoked.
            ExpiredKeyError: its time is over.
        """
        key = await self._find(secret) if is_well_formed(secret) else None
        if key is None:
            raise WrongKeyError(secret)
        if key.has_expired:
            raise ExpiredKeyError(secret)
        await self._note_use(key)
        return key

    async def _change(self, reference: str, **values: object) -> int:
        named = or_(Key.id == reference, Key.prefix == reference, Key.name == reference)
        chosen = select(Key).where(named, Key.revoked_at.is_(None))
        async with self._database.transaction() as session:
            keys = (await session.scalars(chosen)).all()
            for key in keys:
                for column, value in values.items():
                    setattr(key, column, value)
        return len(keys)

    async def _find(self, secret: str) -> Key | None:
        valid = select(Key).where(Key.prefix == shown_prefix(secret), Key.revoked_at.is_(None))
        async with self._database.transaction() as session:
            keys = [key for key in await session.scalars(valid) if matches(secret, key.hash)]
        return keys[0] if keys else None

    async def _note_use(self, key: Key) -> None:
        now = int(time.time())
        if key.last_used_at is not None and 0 <= now - key.last_used_at < _LAST_USE_GRAIN_SECONDS:
            return
        try:
            async with self._database.transaction() as session:
                await session.execute(update(Key).where(Key.id == key.id).values(last_used_at=now))
        except (
            UnavailableError
        ) as error:  # a database that can be read and not written: a full disk
            _log.warning("key_use_not_noted", cause=type(error.__cause__).__name__)
