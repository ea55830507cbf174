"""5xx: the request is fine, the service is not."""

import math
from typing import Final

from frontend.errors.base import ApiError

_RETRY_AFTER_SECONDS: Final = 2
_LONGEST_RETRY_AFTER_SECONDS: Final = 120  # OpenAI's client gives up on anything longer


def retry_after(seconds: float) -> dict[str, str]:
    """Return the headers that tell a client to retry after `seconds`, within 1 to 120."""
    seconds = min(max(seconds, 1.0), _LONGEST_RETRY_AFTER_SECONDS)
    return {
        "Retry-After": str(math.ceil(seconds)),
        "retry-after-ms": str(math.ceil(seconds * 1000)),
    }


class UnexpectedError(ApiError):
    """A fault of ours."""

    status = 500
    type = "server_error"

    def __init__(self) -> None:
        super().__init__(
            "The server had an error while processing your request. Sorry about that! "
            "You can retry your request."
        )


class ModelFailedError(ApiError):
    """The model answered with an error, or not with what was asked for."""

    status = 500
    type = "server_error"
    code = "model_failed"

    def __init__(self) -> None:
        super().__init__("The model failed on this request.")
        self.headers = {"x-should-retry": "false"}  # it is computed the same way again


class _RetryLaterError(ApiError):
    status = 503
    type = "service_unavailable_error"

    def __init__(self, message: str, retry_after_seconds: float = _RETRY_AFTER_SECONDS) -> None:
        super().__init__(message)
        self.headers = retry_after(retry_after_seconds)


class OverloadedError(_RetryLaterError):
    """Too many edits are waiting, or one waited too long."""

    code = "server_is_overloaded"

    def __init__(self, retry_after_seconds: float | None = None) -> None:
        """Say when the present load will be gone, None if nobody knows."""
        super().__init__(
            "The server is overloaded. Please retry in a moment.",
            _RETRY_AFTER_SECONDS if retry_after_seconds is None else retry_after_seconds,
        )


class UnavailableError(_RetryLaterError):
    """Something that the service needs does not answer."""

    code = "service_unavailable"

    def __init__(self) -> None:
        super().__init__("The service is temporarily unavailable. Please retry in a moment.")


class DrainingError(_RetryLaterError):
    """The server is about to stop; whoever replaces it will answer."""

    code = "service_unavailable"

    def __init__(self) -> None:
        super().__init__("The server is about to restart. Please retry in a moment.")
        self.headers["Connection"] = "close"
