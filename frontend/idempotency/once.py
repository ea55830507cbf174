"""Carries a request out once, and answers all that are equal to it."""

import asyncio
from typing import Never

import structlog
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from frontend.answers.event_stream import EventStream
from frontend.editing.disconnect import unless_disconnected
from frontend.editing.tasks import ended
from frontend.errors.base import ApiError
from frontend.errors.handlers import as_told, error_response
from frontend.errors.idempotency import IdempotencyKeyReuseError
from frontend.idempotency.answers import Answer, Answers
from frontend.idempotency.claims import Claim, Claims
from frontend.idempotency.flight import Flight, Make
from frontend.idempotency.lease import Lease, claimed
from frontend.idempotency.request import KeyedRequest
from frontend.middleware.notes import RequestNotes, notes_of

# An answer to be kept is the outcome of an edit: its pictures, or a fault of ours. A refusal is
# none, nor is what ended because a service was missing: there a retry shall find out anew.
_KEPT_STATUSES = frozenset({200, 500})
_log: structlog.stdlib.BoundLogger = structlog.get_logger()


class Once:
    """All requests of this process that carry an idempotency key.

    Equal ones that come at the same time share one flight. It goes on as long as one of their
    clients is there, whichever came first.
    """

    def __init__(self, claims: Claims, answers: Answers) -> None:
        self._claims = claims
        self._answers = answers
        self._flights: dict[tuple[str, str], Flight] = {}
        self._tasks: dict[Flight, asyncio.Task[None]] = {}

    async def respond(
        self, request: KeyedRequest, make: Make, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer a request: by carrying it out, or with the answer of its equal.

        Args:
            request: the request.
            make: makes the response that carries it out.
            scope: that of the ASGI call, as the next two.
            receive: its body has been read.
            send: where the answer goes.

        Raises:
            IdempotencyKeyReuseError: its key has come with other parameters.
            ClientDisconnect: the client left.
        """
        flight = self._flights.get(request.identity)
        is_first = flight is None
        if flight is None:
            flight = self._take_off(request, make, scope)
        elif flight.parameters_hash != request.parameters_hash:
            raise IdempotencyKeyReuseError
        flight.followers += 1
        try:
            await unless_disconnected(receive, flight.follow(send, is_first=is_first))
        finally:
            _take_note(notes_of(scope), flight, is_first=is_first)
            flight.followers -= 1
            if not flight.followers:
                await self._end(request, flight)

    def _take_off(self, request: KeyedRequest, make: Make, scope: Scope) -> Flight:
        flight = self._flights[request.identity] = Flight(request.parameters_hash)
        self._tasks[flight] = asyncio.create_task(self._fly(request, make, scope, flight))
        return flight

    async def _end(self, request: KeyedRequest, flight: Flight) -> None:
        """Forget a flight that nobody follows; one that has not landed is cancelled."""
        del self._flights[request.identity]
        await ended(self._tasks.pop(flight))

    async def _fly(self, request: KeyedRequest, make: Make, scope: Scope, flight: Flight) -> None:
        try:
            decided = await self._decided(request)
            if isinstance(decided, Answer):
                await flight.replay(decided)
            elif decided.owner is not None:
                async with Lease(self._claims, request, decided.owner) as lease:
                    await self._carry_out(make, scope, flight, lease)
        except Exception as error:  # everybody is told, in the words of the one handler
            await _refuse(error, scope, flight)
        flight.land()

    async def _decided(self, request: KeyedRequest) -> Answer | Claim:
        """Return the answer that was kept, or else the right to make one.

        One that the store has lost, while the database has not, is as if it had not been kept.
        """
        while (claim := await claimed(self._claims, request)).answer is not None:
            answer = await self._answers.load(claim.answer)
            if answer is not None:
                return answer
            _log.warning("answer_lost")
            await self._claims.forget(request, claim.answer)
        return claim

    async def _carry_out(self, make: Make, scope: Scope, flight: Flight, lease: Lease) -> None:
        response = None
        try:
            response = await make()
            await response(scope, _nothing_more, flight.send)
        except Exception as error:
            if flight.has_begun:
                raise
            await _refuse(error, scope, flight)
        if isinstance(response, EventStream):
            flight.failure = response.failure
        answer = flight.answer
        if answer.status in _KEPT_STATUSES and not _has_failed(response):
            try:
                await lease.complete(await self._answers.save(answer))
            except ApiError as error:
                _log.warning("answer_not_kept", cause=type(error.__cause__).__name__)


def _has_failed(response: Response | None) -> bool:
    """Whether it ended in an error after it had begun with 200."""
    return isinstance(response, EventStream) and response.failure is not None


async def _refuse(error: Exception, scope: Scope, flight: Flight) -> None:
    flight.failure = as_told(error)
    await error_response(flight.failure)(scope, _nothing_more, flight.send)


def _take_note(notes: RequestNotes, flight: Flight, *, is_first: bool) -> None:
    notes.is_replay = flight.is_replay or not is_first
    if flight.failure is not None:
        notes.error(flight.failure)


async def _nothing_more() -> Never:
    """The ASGI channel of a flight: its followers watch for their own clients."""
    await asyncio.Event().wait()
    raise AssertionError
