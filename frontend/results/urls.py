"""Signed names of results."""

import hashlib
from typing import Final

from itsdangerous import BadSignature, Signer

from frontend.errors.request import ResultNotFoundError

PATH: Final = "/v1/images/results"


class ResultUrls:
    """Makes and reads URLs that carry a picture's name, signed with HMAC-SHA-256."""

    def __init__(self, secret: bytes, base_url: str) -> None:
        self._base_url = base_url
        self._signer = Signer(
            secret,
            salt="retouch.results",
            key_derivation="hmac",
            digest_method=hashlib.sha256,
        )

    def url(self, name: str) -> str:
        """Return the URL of picture `name`, which needs no escaping in a URL."""
        return f"{self._base_url}{PATH}/{self._signer.sign(name).decode()}.png"

    def read(self, token: str) -> str:
        """Return the name of the picture that a URL's token stands for.

        Raises:
            ResultNotFoundError: the token is not ours.
        """
        try:
            return self._signer.unsign(token).decode()
        except BadSignature as error:
            raise ResultNotFoundError from error
