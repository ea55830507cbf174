"""The right to carry a request out, for as long as that takes."""

import asyncio
from types import TracebackType
from typing import Final, Self

from frontend.editing.tasks import ended
from frontend.errors.base import ApiError
from frontend.errors.idempotency import IdempotencyKeyInUseError
from frontend.idempotency.claims import LEASE_SECONDS, Claim, Claims
from frontend.idempotency.request import KeyedRequest

_POLL_SECONDS: Final = 0.25
_LONGEST_WAIT_SECONDS: Final = 30.0


async def claimed(claims: Claims, request: KeyedRequest) -> Claim:
    """Return a claim with an owner or an answer, waiting while another frontend has the owner.

    Raises:
        IdempotencyKeyReuseError: the key has come with other parameters.
        IdempotencyKeyInUseError: the other frontend takes too long.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _LONGEST_WAIT_SECONDS
    while (claim := await claims.claim(request)) == Claim():
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
        """Stop renewing it; give it back."""
        await ended(self._renewing)
        if not self._is_complete:
            await self._claims.give_back(self._request, self._owner)

    async def complete(self, answer: str) -> None:
        """Keep the stored answer's name."""
        await self._claims.complete(self._request, self._owner, answer)
        self._is_complete = True

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(LEASE_SECONDS / 3)
            try:
                await self._claims.renew(self._request, self._owner)
            except ApiError:
                continue  # the database may be back before the lease has run out
