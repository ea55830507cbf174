"""4xx: the request cannot be served as it stands."""

from frontend.errors.base import ApiError
from frontend.errors.quotation import quotation


class RequestError(ApiError):
    """The request is at fault."""

    status = 400
    type = "invalid_request_error"


class MissingParameterError(RequestError):
    """A required field is absent."""

    code = "missing_required_parameter"

    def __init__(self, param: str) -> None:
        super().__init__(f"Missing required parameter: '{param}'.")
        self.param = param


class UnknownParameterError(RequestError):
    """A field that is not part of the API."""

    code = "unknown_parameter"

    def __init__(self, param: str) -> None:
        super().__init__(f"Unknown parameter: '{param}'.")
        self.param = param


class RepeatedParameterError(RequestError):
    """A field that may come once came more often."""

    code = "invalid_value"

    def __init__(self, param: str, count: int) -> None:
        super().__init__(f"Invalid '{param}': expected exactly one, but got {count} instead.")
        self.param = param


class InvalidParameterError(RequestError):
    """A field's value is not allowed."""

    def __init__(self, param: str, message: str, code: str = "invalid_value") -> None:
        super().__init__(message)
        self.param = param
        self.code = code


class UnsupportedContentTypeError(RequestError):
    """The body is no multipart form."""

    code = "unsupported_content_type"

    def __init__(self, content_type: str) -> None:
        super().__init__(
            f"Unsupported content type: '{content_type}'. This API method only accepts "
            "'multipart/form-data' requests. Please try again with a supported content type."
        )


class MalformedBodyError(RequestError):
    """The multipart body cannot be parsed."""

    code = "invalid_multipart_body"

    def __init__(self, reason: str) -> None:
        super().__init__(f"We could not parse the multipart body of your request: {reason}.")


class SlowUploadError(RequestError):
    """The body takes too long to arrive."""

    status = 408
    code = "request_timeout"

    def __init__(self, limit_seconds: float) -> None:
        super().__init__(f"The request body did not arrive within {limit_seconds:g} seconds.")
        self.headers = {"Connection": "close"}  # what is still to come has no meaning


class BodyTooLargeError(RequestError):
    """The whole body is too large."""

    status = 413
    code = "request_too_large"

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"The request body is larger than the limit of {limit_bytes} bytes.")


class ModelNotFoundError(RequestError):
    """No such model is served."""

    status = 404
    code = "model_not_found"
    param = "model"

    def __init__(self, model: str) -> None:
        super().__init__(
            f"The model `{quotation(model)}` does not exist or you do not have access to it."
        )


class ResultNotFoundError(RequestError):
    """The URL names no stored result."""

    status = 404
    code = "result_not_found"

    def __init__(self) -> None:
        super().__init__("There is no picture at this URL.")


class ResultExpiredError(RequestError):
    """The URL's time is over."""

    status = 404
    code = "result_expired"

    def __init__(self) -> None:
        super().__init__("This URL has expired. Please make the edit again.")


class RangeNotSatisfiableError(RequestError):
    """The range begins behind the picture's end."""

    status = 416
    code = "range_not_satisfiable"

    def __init__(self, size_bytes: int) -> None:
        super().__init__(f"The picture has {size_bytes} bytes, and none in this range.")
        self.headers = {"Content-Range": f"bytes */{size_bytes}"}


class PreflightError(RequestError):
    """A browser asks whether it may send something that no route takes."""

    code = "cors_not_allowed"

    def __init__(self) -> None:
        super().__init__("A page of another origin may not send this request.")


class UnreadableRequestError(RequestError):
    """What arrived is no HTTP, or too long: 400, or the status that fits better."""

    code = "invalid_http_request"

    def __init__(self, status: int) -> None:
        super().__init__("Invalid HTTP request received.")
        self.status = status


class PathNotFoundError(RequestError):
    """No route has this path."""

    status = 404

    def __init__(self, method: str, path: str) -> None:
        super().__init__(f"Invalid URL ({method} {path})")


class MethodNotAllowedError(RequestError):
    """The route does not know this method."""

    status = 405
    code = "method_not_supported"

    def __init__(self, method: str, allowed: str) -> None:
        super().__init__(f"{method} is not supported here; supported: {allowed}.")
        self.headers = {"Allow": allowed}
