"""401: who is asking? 403: not them."""

from frontend.errors.base import ApiError


class AccessError(ApiError):
    """The request carries no valid key."""

    status = 401
    type = "invalid_request_error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.headers = {"WWW-Authenticate": "Bearer"}


class NoKeyError(AccessError):
    """There is no bearer key."""

    def __init__(self) -> None:
        super().__init__(
            "You didn't provide an API key. You need to provide your API key in an Authorization "
            "header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY)."
        )


class WrongKeyError(AccessError):
    """The key is unknown or revoked."""

    code = "invalid_api_key"

    def __init__(self, key: str) -> None:
        super().__init__(f"Incorrect API key provided: {_masked(key)}.")


class ExpiredKeyError(AccessError):
    """The key's time is over."""

    code = "invalid_api_key"

    def __init__(self, key: str) -> None:
        super().__init__(f"Incorrect API key provided: {_masked(key)}. This key has expired.")


class BlockedUserError(ApiError):
    """The operator has blocked the end user whom the caller names."""

    status = 403
    type = "invalid_request_error"
    code = "user_blocked"

    def __init__(self, param: str) -> None:
        super().__init__("This user has been blocked from making edits.")
        self.param = param


def _masked(key: str) -> str:
    """At most the first three and the last four characters, and those only of a long key."""
    return f"{key[:3]}****{key[-4:]}" if len(key) >= 20 else "****"
