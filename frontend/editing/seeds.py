"""The seeds of an edit's images."""

import secrets
from typing import Final

from frontend.forms.fields import LARGEST_SEED

_RANDOM_BITS: Final = 32  # short enough to copy, and exact in JavaScript's numbers


def seeds_of(first: int | None, count: int) -> tuple[int, ...]:
    """Return one seed per image: consecutive from `first` (random if None), wrapping at 2^63."""
    start = secrets.randbits(_RANDOM_BITS) if first is None else first
    return tuple((start + index) % (LARGEST_SEED + 1) for index in range(count))
