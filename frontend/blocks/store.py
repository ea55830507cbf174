"""Blocked users in the database."""

import time
from collections.abc import Sequence

from sqlalchemy import select

from frontend.blocks.table import BlockedUser
from frontend.database.database import Database
from frontend.errors.access import BlockedUserError
from frontend.forms.fields import EditFields


class Blocks:
    """The block list. Every method raises UnavailableError where the database is unreachable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def block(self, end_user: str, reason: str | None = None) -> bool:
        """Block a user, or give the block a new reason; return whether the block is new."""
        async with self._database.transaction() as session:
            block = await session.get(BlockedUser, end_user)
            if block is not None:
                block.reason = reason
                return False
            now = int(time.time())
            session.add(BlockedUser(end_user=end_user, reason=reason, blocked_at=now))
        return True

    async def unblock(self, end_user: str) -> bool:
        """Lift a block; return whether there was one."""
        async with self._database.transaction() as session:
            block = await session.get(BlockedUser, end_user)
            if block is not None:
                await session.delete(block)
        return block is not None

    async def list(self) -> Sequence[BlockedUser]:
        """Return all blocks, the newest first."""
        newest = select(BlockedUser).order_by(BlockedUser.blocked_at.desc(), BlockedUser.end_user)
        async with self._database.transaction() as session:
            return (await session.scalars(newest)).all()

    async def check(self, fields: EditFields) -> None:
        """Refuse an edit on behalf of a blocked user.

        Raises:
            BlockedUserError: it is one.
        """
        if fields.person is None:
            return
        async with self._database.transaction() as session:
            block = await session.get(BlockedUser, fields.person)
        if block is not None:
            raise BlockedUserError(fields.person_field)
