"""429: the key has asked for too much."""

import math
from typing import Final

from frontend.errors.base import ApiError

_SLOT_RETRY_SECONDS: Final = 1


class RateLimitError(ApiError):
    """A limit of the key is reached."""

    status = 429
    type = "rate_limit_error"
    code = "rate_limit_exceeded"


class RateExceededError(RateLimitError):
    """The minute's requests or images are used up."""

    def __init__(self, kind: str, limit: int, current: int, wait_seconds: float) -> None:
        super().__init__(
            f"Rate limit exceeded for {kind} per minute on this key. Limit: {limit}/1min. "
            f"Current: {current}/1min. Please try again in {wait_seconds:.1f}s."
        )
        self.headers = {
            "Retry-After": str(math.ceil(wait_seconds)),
            "retry-after-ms": str(math.ceil(wait_seconds * 1000)),
        }


class AboveLimitError(RateLimitError):
    """One request asks for more than a whole minute allows, so that waiting is of no use."""

    def __init__(self, kind: str, limit: int, cost: int) -> None:
        super().__init__(
            f"Rate limit exceeded for {kind} per minute on this key. Limit: {limit}/1min. "
            f"This request alone asks for {cost}. Please ask for fewer {kind}."
        )
        self.headers = {"x-should-retry": "false"}


class TooManyEditsError(RateLimitError):
    """The key has as many edits under way as it may."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"Rate limit exceeded for concurrent edits on this key. Limit: {limit}. "
            "Please try again when one of them has ended."
        )
        # When one ends is not known; most edits take seconds.
        self.headers = {"Retry-After": str(_SLOT_RETRY_SECONDS)}
