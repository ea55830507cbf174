"""Signed names of results."""

import hashlib
from typing import Final

from itsdangerous import Signer

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
        """Return the URL of picture `name`, which has a suffix and needs no escaping in a URL."""
        stem, _, suffix = name.rpartition(".")
        signature = self._signer.get_signature(name).decode()
        return f"{self._base_url}{PATH}/{stem}.{signature}.{suffix}"

    def read(self, file_name: str) -> str:
        """Return the name of the picture that a URL's last part stands for.

        Raises:
            ResultNotFoundError: the URL is not ours.
        """
        signed, _, suffix = file_name.rpartition(".")
        stem, _, signature = signed.rpartition(".")
        name = f"{stem}.{suffix}"
        if not self._signer.verify_signature(name, signature):
            raise ResultNotFoundError
        return name
