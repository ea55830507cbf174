"""How routes say which errors they answer with: by examples, one of each kind."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from frontend.errors import access, idempotency, pictures, quotas, request, service
from frontend.errors.base import ApiError, ErrorBody

EXAMPLES: Final[tuple[ApiError, ...]] = (
    access.NoKeyError(),
    access.WrongKeyError("sk-rt-0000000000000000abcd"),
    access.ExpiredKeyError("sk-rt-0000000000000000abcd"),
    access.BlockedUserError("user"),
    quotas.RateExceededError("images", limit=5, current=6, wait_seconds=12.3),
    quotas.AboveLimitError("images", limit=5, cost=10),
    quotas.TooManyEditsError(4),
    request.MissingParameterError("prompt"),
    request.UnknownParameterError("response_fmt"),
    request.RepeatedParameterError("image", 2),
    request.InvalidParameterError(
        "size",
        "Invalid value: '1536x1024'. Supported values are: '256x256', '512x512', and '1024x1024'.",
    ),
    request.UnsupportedContentTypeError("application/json"),
    request.MalformedBodyError("it has no end"),
    request.SlowUploadError(120),
    request.BodyTooLargeError(32 * 2**20),
    request.ModelNotFoundError("dall-e-2"),
    request.ResultNotFoundError(),
    request.ResultExpiredError(),
    request.RangeNotSatisfiableError(70_000),
    request.PreflightError(),
    request.UnreadableRequestError(400),
    request.PathNotFoundError("GET", "/nowhere"),
    request.MethodNotAllowedError("GET", "POST"),
    pictures.ImageFormatError("image"),
    pictures.UnsupportedMimetypeError("image", "text/plain"),
    pictures.NotSquareError(640, 480),
    pictures.TooManyPixelsError("image", 3072),
    pictures.ImageWithoutAlphaError("RGB"),
    pictures.NothingTransparentError("mask"),
    pictures.InvalidImageFileError("image"),
    pictures.MaskSizeError(),
    pictures.MaskWithoutAlphaError(),
    idempotency.IdempotencyKeyReuseError(),
    idempotency.IdempotencyKeyInUseError(),
    service.UnexpectedError(),
    service.ModelFailedError(),
    service.OverloadedError(),
    service.UnavailableError(),
    service.DrainingError(),
)


def _name(error: ApiError) -> str:
    return type(error).__name__.removesuffix("Error")


BODIES: Final[Mapping[str, ErrorBody]] = {_name(error): error.body for error in EXAMPLES}
_DESCRIPTIONS: Final = {
    400: "The request cannot be served as it stands.",
    401: "There is no valid key.",
    403: "The request is forbidden.",
    404: "There is no such thing, or not any more.",
    408: "The request body takes too long to arrive.",
    409: "The first request with this idempotency key is still being carried out.",
    413: "The request body is too large.",
    416: "The picture has no bytes in this range.",
    429: "A limit of the key is reached.",
    500: "A fault of ours.",
    503: "Please retry after the seconds that `Retry-After` names.",
}
_RETRY_AFTER: Final = {
    "description": "Seconds to wait before a retry.",
    "schema": {"type": "integer", "minimum": 1, "maximum": 120},
}
ACCESS: Final = (access.AccessError, service.UnavailableError, service.UnexpectedError)
EDIT: Final = (
    *ACCESS,
    access.BlockedUserError,
    quotas.RateLimitError,
    request.ModelNotFoundError,
    request.MissingParameterError,
    request.UnknownParameterError,
    request.RepeatedParameterError,
    request.InvalidParameterError,
    request.UnsupportedContentTypeError,
    request.MalformedBodyError,
    request.SlowUploadError,
    request.BodyTooLargeError,
    pictures.PictureError,
    idempotency.IdempotencyError,
    service.ModelFailedError,
    service.OverloadedError,
    service.DrainingError,
)
MODEL: Final = (*ACCESS, request.ModelNotFoundError)
RESULT: Final = (
    request.ResultNotFoundError,
    request.ResultExpiredError,
    request.RangeNotSatisfiableError,
    service.UnavailableError,
    service.UnexpectedError,
)


def documented(*kinds: type[ApiError]) -> dict[int | str, dict[str, Any]]:
    """Return a route's `responses` for the errors of `kinds` and of their subclasses."""
    by_status: dict[int | str, list[ApiError]] = defaultdict(list)
    for error in EXAMPLES:
        if isinstance(error, kinds):
            by_status[error.status].append(error)
    return {status: _response(errors) for status, errors in by_status.items()}


def _response(errors: list[ApiError]) -> dict[str, Any]:
    status = errors[0].status
    response: dict[str, Any] = {
        "model": ErrorBody,
        "description": _DESCRIPTIONS[status],
        "content": {"application/json": {"examples": dict(map(_example, errors))}},
    }
    if all("Retry-After" in error.headers for error in errors):
        response["headers"] = {"Retry-After": _RETRY_AFTER}
    return response


def _example(error: ApiError) -> tuple[str, Mapping[str, Any]]:
    summary = (type(error).__doc__ or "").partition("\n")[0]
    return _name(error), {"summary": summary, "value": error.body}
