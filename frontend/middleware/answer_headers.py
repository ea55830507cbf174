"""The headers of every answer."""

import secrets
from typing import Final

_VERSION: Final = "2020-10-01"  # what OpenAI's own API says


def new_request_id() -> str:
    """Return an id for one request, by which a client's complaint finds our log lines."""
    return f"req_{secrets.token_hex(16)}"


def answer_headers(request_id: str, milliseconds: int) -> dict[str, str]:
    """Return the headers for the answer to a request, given how long it took so far."""
    return {
        "x-request-id": request_id,
        "openai-processing-ms": str(milliseconds),
        "openai-version": _VERSION,
        "x-content-type-options": "nosniff",
    }
