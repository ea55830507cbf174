"""The administrator's secret in the database."""

import asyncio
from typing import Final

from sqlalchemy import delete

from frontend.administration.secret import is_secret, new_secret, slow_hash
from frontend.administration.table import AdminSecret, AdminSession, SignInLink
from frontend.database.database import Database

_ROW: Final = 1


async def first_secret(database: Database) -> str | None:
    """Make the secret if there is none yet and return it; None where there is one.

    Raises:
        UnavailableError: the database cannot be reached.
    """
    async with database.transaction() as session:
        has_one = await session.get(AdminSecret, _ROW) is not None
    return None if has_one else await reset_secret(database)


async def reset_secret(database: Database) -> str:
    """Replace the secret, end all sessions and links, and return the new one, which is not kept.

    Raises:
        UnavailableError: the database cannot be reached.
    """
    secret = new_secret()
    stored = await asyncio.to_thread(slow_hash, secret)
    async with database.transaction() as session:
        await session.merge(AdminSecret(id=_ROW, hash=stored))
        await session.execute(delete(AdminSession))
        await session.execute(delete(SignInLink))
    return secret


async def is_admin_secret(database: Database, secret: str) -> bool:
    """Whether `secret` is the administrator's.

    Raises:
        UnavailableError: the database cannot be reached.
    """
    async with database.transaction() as session:
        row = await session.get(AdminSecret, _ROW)
    return row is not None and await asyncio.to_thread(is_secret, secret, row.hash)
