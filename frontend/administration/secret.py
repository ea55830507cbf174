"""The administrator's secret, links and session tokens as text, and as what is stored of them."""

import base64
import hashlib
import hmac
import secrets
from typing import Final

_SECRET_BYTES: Final = 20
_TOKEN_BYTES: Final = 32
# OWASP's second choice for scrypt: 32 MiB, about a tenth of a second.
_COST: Final = {"n": 2**15, "r": 8, "p": 3}
_MEMORY_BYTES: Final = 64 * 2**20
_SALT_BYTES: Final = 16


def new_secret() -> str:
    """Return a random secret of 160 bits that a person can read and type."""
    text = base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode().lower()
    return "-".join(text[start : start + 8] for start in range(0, len(text), 8))


def slow_hash(secret: str) -> str:
    """Return what is stored of the secret: salt and scrypt. Blocks: call it in a thread."""
    salt = secrets.token_bytes(_SALT_BYTES)
    return f"{salt.hex()}${_scrypt(secret, salt).hex()}"


def is_secret(secret: str, stored: str) -> bool:
    """Whether `secret` is the one of `stored`, in constant time. Blocks: call it in a thread."""
    salt, _, expected = stored.partition("$")
    return hmac.compare_digest(_scrypt(secret, bytes.fromhex(salt)).hex(), expected)


def new_token() -> str:
    """Return a random token of 256 bits for a link or a session."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def token_hash(token: str) -> str:
    """Return what is stored of a token: its SHA-256; 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def _scrypt(secret: str, salt: bytes) -> bytes:
    return hashlib.scrypt(secret.encode(), salt=salt, maxmem=_MEMORY_BYTES, **_COST)
