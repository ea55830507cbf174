"""5xx: the request is fine, the service is not."""

from typing import Final

from frontend.errors.base import ApiError

_RETRY_AFTER_SECONDS: Final = 2


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
        super().__init__("The model failed on this request. You can retry it.")


class _RetryLaterError(ApiError):
    status = 503
    type = "service_unavailable_error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.headers = {"Retry-After": str(_RETRY_AFTER_SECONDS)}


class OverloadedError(_RetryLaterError):
    """Too many edits are waiting, or one waited too long."""

    code = "server_is_overloaded"

    def __init__(self) -> None:
        super().__init__("The server is overloaded. Please retry in a moment.")


class UnavailableError(_RetryLaterError):
    """Something that the service needs does not answer."""

    code = "service_unavailable"

    def __init__(self) -> None:
        super().__init__("The service is temporarily unavailable. Please retry in a moment.")
