"""What a client sent, as a message repeats it."""

from typing import Final

_LONGEST: Final = 100  # characters


def quotation(value: object) -> str:
    """Return `value` as text, cut where it is long: a value may have megabytes."""
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
