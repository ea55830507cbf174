"""Sessions of signed-in browsers, and the links that open one."""

import time
from typing import Final

from sqlalchemy import delete

from frontend.administration.secret import new_token, token_hash
from frontend.administration.table import AdminSession, SignInLink
from frontend.database.database import Database

LINK_SECONDS: Final = 3600


class Sessions:
    """The sessions. Every method raises UnavailableError where the database is unreachable."""

    def __init__(self, database: Database, lifetime_seconds: int) -> None:
        self._database = database
        self.lifetime_seconds = lifetime_seconds

    async def new_link(self) -> str:
        """Return the token of a new link, which signs a browser in once within an hour."""
        token = new_token()
        link = SignInLink(hash=token_hash(token), expires_at=_now() + LINK_SECONDS)
        async with self._database.transaction() as session:
            session.add(link)
        return token

    async def use_link(self, token: str) -> bool:
        """Use up a link; return whether it was good."""
        spent = delete(SignInLink).where(SignInLink.hash == token_hash(token))
        async with self._database.transaction() as session:
            # One statement: of two browsers with the same link only one gets a row back.
            end = await session.scalar(spent.returning(SignInLink.expires_at))
        return end is not None and end > _now()

    async def open(self) -> str:
        """Open a session and return its token; forget those that have ended."""
        token, now = new_token(), _now()
        opened = AdminSession(hash=token_hash(token), expires_at=now + self.lifetime_seconds)
        async with self._database.transaction() as session:
            await session.execute(delete(AdminSession).where(AdminSession.expires_at <= now))
            await session.execute(delete(SignInLink).where(SignInLink.expires_at <= now))
            session.add(opened)
        return token

    async def is_open(self, token: str) -> bool:
        """Whether a token belongs to a session that has not ended."""
        async with self._database.transaction() as session:
            found = await session.get(AdminSession, token_hash(token))
        return found is not None and found.expires_at > _now()

    async def close(self, token: str) -> None:
        """End a session."""
        ended = delete(AdminSession).where(AdminSession.hash == token_hash(token))
        async with self._database.transaction() as session:
            await session.execute(ended)


def _now() -> int:
    return int(time.time())
