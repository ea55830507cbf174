"""Which of many equal requests is carried out: decided in the database, for all frontends."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from frontend.database.database import Database
from frontend.errors.idempotency import IdempotencyKeyReuseError
from frontend.idempotency.request import KeyedRequest
from frontend.idempotency.table import IdempotentRequest

KEPT_SECONDS: Final = 24 * 3600
LEASE_SECONDS: Final = 15
_INSERTS: Final[Mapping[str, Callable[..., postgresql.Insert | sqlite.Insert]]] = {
    "postgresql": postgresql.insert,
    "sqlite": sqlite.insert,
}


@dataclass(frozen=True)
class Claim:
    """What a request may do.

    Attributes:
        owner: with this name it may be carried out; None: another one is.
        answer: the name of the stored answer, if there is one already.
        lease_until: if another one is carried out, until when its owner has said that it lives.
    """

    owner: str | None = None
    answer: str | None = None
    lease_until: int = 0

    @property
    def is_decided(self) -> bool:
        """Whether there is an owner or an answer."""
        return self.owner is not None or self.answer is not None


class Claims:
    """The claims. Every method raises UnavailableError where the database is unreachable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, request: KeyedRequest, dead_lease: int = 0) -> Claim:
        """Ask whether a request may be carried out, has been or is being.

        Args:
            request: the request.
            dead_lease: an end of a lease that has not been put off for as long as a lease lasts.

        Raises:
            IdempotencyKeyReuseError: its key has come with other parameters.
        """
        owner = secrets.token_hex(16)
        async with self._database.transaction() as session:
            if await _insert(session, request, owner):
                return Claim(owner=owner)
            row = await session.get(IdempotentRequest, request.identity, with_for_update=True)
            if row is None:  # given back since
                return Claim()
            if row.expires_at > time.time():
                if row.parameters_hash != request.parameters_hash:
                    raise IdempotencyKeyReuseError
                if row.answer is not None:
                    return Claim(answer=row.answer)
                if row.lease_until > time.time() and row.lease_until != dead_lease:
                    return Claim(lease_until=row.lease_until)
            for name, value in _values(request, owner).items():
                setattr(row, name, value)
            return Claim(owner=owner)

    async def renew(self, request: KeyedRequest, owner: str) -> None:
        """Make an owner's lease longer."""
        await self._update(request, owner, lease_until=int(time.time()) + LEASE_SECONDS)

    async def complete(self, request: KeyedRequest, owner: str, answer: str) -> None:
        """Name the stored answer of a request that has been carried out."""
        await self._update(request, owner, answer=answer)

    async def give_back(self, request: KeyedRequest, owner: str) -> None:
        """Let the next request be carried out: this one has no answer to be kept."""
        async with self._database.transaction() as session:
            await session.execute(delete(IdempotentRequest).where(*_owned(request, owner)))

    async def forget(self, request: KeyedRequest, answer: str) -> None:
        """Let a request be carried out anew, unless it has got another answer than this since."""
        async with self._database.transaction() as session:
            lost = (*_named(request), IdempotentRequest.answer == answer)
            await session.execute(delete(IdempotentRequest).where(*lost))

    async def _update(self, request: KeyedRequest, owner: str, **values: str | int) -> None:
        async with self._database.transaction() as session:
            changed = update(IdempotentRequest).where(*_owned(request, owner)).values(**values)
            await session.execute(changed)


async def _insert(session: AsyncSession, request: KeyedRequest, owner: str) -> bool:
    """Insert a row unless there is one, and forget those whose time is over."""
    old = delete(IdempotentRequest).where(IdempotentRequest.expires_at <= time.time())
    await session.execute(old)
    insert = _INSERTS[session.get_bind().dialect.name](IdempotentRequest)
    row = insert.values(_values(request, owner)).on_conflict_do_nothing()
    return await session.scalar(row.returning(IdempotentRequest.owner)) is not None


def _values(request: KeyedRequest, owner: str) -> dict[str, str | int | None]:
    now = int(time.time())
    return {
        "key_id": request.key_id,
        "name_hash": request.name_hash,
        "parameters_hash": request.parameters_hash,
        "owner": owner,
        "lease_until": now + LEASE_SECONDS,
        "answer": None,
        "expires_at": now + KEPT_SECONDS,
    }


def _owned(request: KeyedRequest, owner: str) -> tuple[ColumnElement[bool], ...]:
    return (*_named(request), IdempotentRequest.owner == owner)


def _named(request: KeyedRequest) -> tuple[ColumnElement[bool], ...]:
    return (
        IdempotentRequest.key_id == request.key_id,
        IdempotentRequest.name_hash == request.name_hash,
    )
