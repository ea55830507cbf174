"""An answer that many wait for."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.responses import Response
from starlette.types import Message, Send

from frontend.errors.base import ApiError
from frontend.idempotency.answers import Answer

Make = Callable[[], Awaitable[Response]]

_REPLAYED = (b"idempotent-replayed", b"true")


class Flight:
    """The messages of one answer, for everybody who has asked for it.

    Attributes:
        parameters_hash: what the answer is for.
        followers: how many wait for it.
        is_replay: whether it was given before.
        failure: the error that it ends in, if it is being made and does.
    """

    def __init__(self, parameters_hash: str) -> None:
        self.parameters_hash = parameters_hash
        self.followers = 0
        self.is_replay = False
        self.failure: ApiError | None = None
        self._messages: list[Message] = []
        self._last: Message | None = None
        self._has_landed = False
        self._news = asyncio.Event()

    @property
    def has_begun(self) -> bool:
        """Whether there is anything of the answer."""
        return bool(self._messages)

    @property
    def answer(self) -> Answer:
        """The whole answer, its end included."""
        return Answer.of([*self._messages, *([] if self._last is None else [self._last])])

    async def replay(self, answer: Answer) -> None:
        """Give an answer that was given before."""
        self.is_replay = True
        for message in answer.messages:
            await self.send(message)

    async def send(self, message: Message) -> None:
        """Take a message of the answer; its end is held back until the flight lands."""
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            self._last = message
        else:
            self._publish(message)

    def land(self) -> None:
        """Let the answer end."""
        self._has_landed = True
        self._publish(*([] if self._last is None else [self._last]))

    async def follow(self, send: Send, *, is_first: bool) -> None:
        """Pass the whole answer on, also what there was of it before."""
        sent = 0
        while True:
            news = self._news
            for message in self._messages[sent:]:
                await send(_copy(message, [] if is_first and not self.is_replay else [_REPLAYED]))
                sent += 1
            if self._has_landed and sent == len(self._messages):
                return
            await news.wait()

    def _publish(self, *messages: Message) -> None:
        self._messages += messages
        self._news.set()
        self._news = asyncio.Event()


def _copy(message: Message, extra_headers: list[tuple[bytes, bytes]]) -> dict[str, Any]:
    """Whoever sends a message may change its headers."""
    if message["type"] != "http.response.start":
        return dict(message)
    return {**message, "headers": [*message["headers"], *extra_headers]}
