"""The text of a key: `sk-rt-`, 36 random characters, 6 of checksum.

The prefix lets secret scanners find leaked keys; the checksum lets them and us refuse a mistyped
one without asking the database (the form of GitHub's tokens).
"""

import hashlib
import hmac
import secrets
import string
import zlib
from typing import Final

_PREFIX: Final = "sk-rt-"
_ALPHABET: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM_CHARACTERS: Final = 36  # 214 bits
_CHECKSUM_CHARACTERS: Final = 6
_SHOWN_CHARACTERS: Final = len(_PREFIX) + 8
_LENGTH: Final = len(_PREFIX) + _RANDOM_CHARACTERS + _CHECKSUM_CHARACTERS


def new_secret() -> str:
    """Return a new random key."""
    body = _PREFIX + "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM_CHARACTERS))
    return body + _checksum(body)


def is_well_formed(secret: str) -> bool:
    """Whether `secret` has a key's form and checksum."""
    body, checksum = secret[:-_CHECKSUM_CHARACTERS], secret[-_CHECKSUM_CHARACTERS:]
    form = secret.isascii() and len(secret) == _LENGTH and secret.startswith(_PREFIX)
    return form and hmac.compare_digest(checksum, _checksum(body))


def shown_prefix(secret: str) -> str:
    """Return the part of a key that is kept in clear, to recognise it by."""
    return secret[:_SHOWN_CHARACTERS]


def digest(secret: str) -> str:
    """Return what is stored of a key: its SHA-256; 214 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def matches(secret: str, stored_digest: str) -> bool:
    """Whether `secret` is the key of `stored_digest`, in constant time."""
    return hmac.compare_digest(digest(secret), stored_digest)


def _checksum(body: str) -> str:
    value, characters = zlib.crc32(body.encode()), ""
    for _ in range(_CHECKSUM_CHARACTERS):
        value, digit = divmod(value, len(_ALPHABET))
        characters = _ALPHABET[digit] + characters
    return characters
