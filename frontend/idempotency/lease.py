"""The right to carry a request out, for as long as that takes."""

import asyncio
from types import TracebackType
from typing import Final, Self

import structlog

from frontend.editing.tasks import ended
from frontend.errors.base import ApiError
from frontend.errors.idempotency import IdempotencyKeyInUseError
from frontend.idempotency.claims import LEASE_SECONDS, Claim, Claims
from frontend.idempotency.request import KeyedRequest

_POLL_SECONDS: Final = 0.25
_LONGEST_WAIT_SECONDS: Final = 30.0
_log: structlog.stdlib.BoundLogger = structlog.get_logger()


async def claimed(claims: Claims, request: KeyedRequest) -> Claim:
    """Return a claim with an owner or an answer, waiting while another frontend has the owner.

    An owner that does not renew its lease while this waits is dead, also where the clock has been
    put back since and shows that the lease has long to go.

    Raises:
        IdempotencyKeyReuseError: the key has come with other parameters.
        IdempotencyKeyInUseError: the other frontend takes too long.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _LONGEST_WAIT_SECONDS
    lease_until, seen_at, dead_lease = 0, loop.time(), 0
    while not (claim := await claims.claim(request, dead_lease)).is_decided:
        if claim.lease_until != lease_until:
            lease_until, seen_at = claim.lease_until, loop.time()
        elif loop.time() - seen_at > LEASE_SECONDS:
            dead_lease = lease_until
        if loop.time() > deadline:
            raise IdempotencyKeyInUseError
        await asyncio.sleep(_POLL_SECONDS)
    return claim


class Lease:
    """Renews an owner's claim; gives it back at the end, unless there is an answer then."""

    def __init__(self, claims: Claims, request: KeyedRequest, owner: str) -> None:
        self._claims = claims
        self._request = request
        self._owner = owner
        self._is_complete = False

    async def __aenter__(self) -> Self:
        """Begin to renew it."""
        self._renewing = asyncio.create_task(self._renew())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop renewing it; give it back. What the database's absence prevents ends by itself."""
        await ended(self._renewing)
        if not self._is_complete:
            await self._give_back()

    async def complete(self, answer: str) -> None:
        """Keep the stored answer's name."""
        await self._claims.complete(self._request, self._owner, answer)
        self._is_complete = True

    async def _give_back(self) -> None:
        try:
            await self._claims.give_back(self._request, self._owner)
        except ApiError as fault:  # whoever has the answer by now shall get it; the lease ends
            _log.warning("claim_not_given_back", cause=type(fault.__cause__).__name__)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(LEASE_SECONDS / 3)
            try:
                await self._claims.renew(self._request, self._owner)
            except ApiError:
                continue  # the database may be back before the lease has run out
