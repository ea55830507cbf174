"""What can be wrong with an idempotency key."""

from typing import Final

from frontend.errors.base import ApiError
from frontend.errors.service import retry_after

_RETRY_AFTER_SECONDS: Final = 2.0


class IdempotencyError(ApiError):
    """The idempotency key is taken."""

    status = 400
    type = "idempotency_error"


class IdempotencyKeyReuseError(IdempotencyError):
    """The key came with other parameters before."""

    code = "idempotency_key_reuse"

    def __init__(self) -> None:
        super().__init__(
            "Keys for idempotent requests can only be used with the same parameters they were "
            "first used with. Try using a key other than the one in your 'Idempotency-Key' header "
            "if you meant to execute a different request."
        )


class IdempotencyKeyInUseError(IdempotencyError):
    """The first request with the key is still being carried out elsewhere."""

    status = 409
    code = "idempotency_key_in_use"

    def __init__(self) -> None:
        super().__init__(
            "Another request with this 'Idempotency-Key' is still in progress. "
            "Please retry in a moment."
        )
        self.headers = retry_after(_RETRY_AFTER_SECONDS)
