"""Signed names of results."""

import hashlib
import time
from typing import Final

from itsdangerous import BadSignature, URLSafeSerializer

from frontend.errors.request import ResultExpiredError, ResultNotFoundError

PATH: Final = "/v1/images/results"


class ResultUrls:
    """Makes and reads URLs that carry an object's name and their end, signed with HMAC-SHA-256."""

    def __init__(self, secret: bytes, base_url: str) -> None:
        self._base_url = base_url
        self._serializer = URLSafeSerializer(
            secret,
            salt="retouch.results",
            signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"},
        )

    def url(self, name: str, expires_at: int) -> str:
        """Return the URL of object `name`, good until `expires_at` (Unix seconds)."""
        token = self._serializer.dumps([name, expires_at])
        return f"{self._base_url}{PATH}/{token}.png"

    def read(self, token: str) -> tuple[str, int]:
        """Return the object's name and the Unix time at which the URL ends.

        Raises:
            ResultNotFoundError: the token is not ours.
            ResultExpiredError: its time is over.
        """
        try:
            name, expires_at = self._serializer.loads(token)
        except BadSignature as error:
            raise ResultNotFoundError from error
        if time.time() >= expires_at:
            raise ResultExpiredError
        return str(name), int(expires_at)
