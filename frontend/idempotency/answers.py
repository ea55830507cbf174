"""Answers that are kept, in the store of results."""

import hashlib
import json
import secrets
import time
from dataclasses import dataclass
from typing import Final, Self

import obstore
from obstore.store import ObjectStore
from starlette.types import Message

from frontend.errors.foreign import RESULT_ERRORS, STORE_ERRORS, translating
from frontend.errors.request import ResultNotFoundError
from frontend.idempotency.claims import KEPT_SECONDS
from frontend.telemetry.dependency import Dependency

_DIGEST_BYTES: Final = hashlib.sha256().digest_size


@dataclass(frozen=True)
class Answer:
    """A whole HTTP answer.

    Attributes:
        status: its status.
        headers: its headers.
        body: its body.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @classmethod
    def of(cls, messages: list[Message]) -> Self:
        """Join the ASGI messages of an answer."""
        start, *bodies = messages
        return cls(
            status=start["status"],
            headers=tuple(
                (name.decode("latin-1"), value.decode("latin-1"))
                for name, value in start["headers"]
            ),
            body=b"".join(message.get("body", b"") for message in bodies),
        )

    @property
    def messages(self) -> list[Message]:
        """The ASGI messages of this answer."""
        headers = [
            (name.encode("latin-1"), value.encode("latin-1")) for name, value in self.headers
        ]
        return [
            {"type": "http.response.start", "status": self.status, "headers": headers},
            {"type": "http.response.body", "body": self.body, "more_body": False},
        ]

    def to_bytes(self) -> bytes:
        """The SHA-256 of what follows, a line of JSON, the body."""
        content = json.dumps([self.status, self.headers]).encode() + b"\n" + self.body
        return _digest(content) + content

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read what `to_bytes` wrote.

        Raises:
            ValueError: it is not whole, as the loss of power may leave a file.
        """
        digest, content = data[:_DIGEST_BYTES], data[_DIGEST_BYTES:]
        if digest != _digest(content):
            raise ValueError("a kept answer is not whole")
        line, _, body = content.partition(b"\n")
        status, headers = json.loads(line)
        return cls(status, tuple((name, value) for name, value in headers), body)


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


class Answers:
    """Stored answers. Their names begin with the time of their end, as the results' sweep wants."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def save(self, answer: Answer) -> str:
        """Store an answer and return its name.

        Raises:
            UnavailableError: the store cannot be written to.
        """
        name = f"{int(time.time()) + KEPT_SECONDS}-{secrets.token_hex(16)}.answer"
        with translating(STORE_ERRORS, Dependency.RESULTS):
            await obstore.put_async(self._store, name, answer.to_bytes())
        return name

    async def load(self, name: str) -> Answer | None:
        """Return a stored answer; None if the store has lost it, or a part of it, for good.

        Raises:
            UnavailableError: the store cannot be read.
        """
        try:
            with translating(RESULT_ERRORS, Dependency.RESULTS):
                stored = await obstore.get_async(self._store, name)
                return Answer.from_bytes(bytes(await stored.bytes_async()))
        except (ResultNotFoundError, ValueError):
            await self._find_store()
            return None

    async def _find_store(self) -> None:
        """Tell a missing bucket, which may be back, from one that lacks an object: it has no list.

        Raises:
            UnavailableError: the bucket is missing.
        """
        with translating(STORE_ERRORS, Dependency.RESULTS):
            await obstore.list_with_delimiter_async(self._store, prefix="none")
