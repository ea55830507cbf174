"""The root of the exception tree.

ApiError
|- access.py       NoKeyError, WrongKeyError, ExpiredKeyError                             401
|                  BlockedUserError                                                       403
|- administration.py AdministrationError
|  |- NotSignedInError, WrongSecretError, SpentLinkError, PlaygroundKeyRevokedError       401
|  |- NotFromPageError                                                                    403
|  |- KeyNotFoundError, NotBlockedError                                                   404
|  `- TooManySignInsError                                                                 429
|- quotas.py       RateLimitError                                                         429
|  `- RateExceededError, AboveLimitError, TooManyEditsError
|- request.py      RequestError                                                           400
|  |- MissingParameterError, UnknownParameterError, RepeatedParameterError,
|  |  InvalidParameterError, UnsupportedContentTypeError, MalformedBodyError              400
|  |- ModelNotFoundError, ResultNotFoundError, ResultExpiredError, PathNotFoundError      404
|  |- PreflightError, UnreadableRequestError                                              400
|  |- MethodNotAllowedError                                                               405
|  |- SlowUploadError                                                                     408
|  |- BodyTooLargeError                                                                   413
|  `- RangeNotSatisfiableError                                                            416
|- pictures.py     PictureError                                                           400
|  |- ImageFormatError, UnsupportedMimetypeError, NotSquareError, TooManyPixelsError,
|  |  ImageWithoutAlphaError, NothingTransparentError
|  `- InvalidImageFileError, MaskSizeError, MaskWithoutAlphaError
|- idempotency.py  IdempotencyError
|  |- IdempotencyKeyReuseError                                                            400
|  `- IdempotencyKeyInUseError                                                            409
`- service.py      UnexpectedError, ModelFailedError                                      500
                   OverloadedError, UnavailableError, DrainingError                       503
"""

from typing_extensions import TypedDict


class ErrorObject(TypedDict):
    """The inner object of OpenAI's error body."""

    message: str
    type: str
    param: str | None
    code: str | None


class ErrorBody(TypedDict):
    """OpenAI's error body."""

    error: ErrorObject


class ApiError(Exception):
    """An error that a client is told about.

    Attributes:
        status: HTTP status.
        type: OpenAI's error type.
        code: OpenAI's error code, if there is one.
        param: the request field at fault, if there is one.
        headers: further response headers.
    """

    status: int
    type: str
    code: str | None = None
    param: str | None = None

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.headers: dict[str, str] = {}

    @property
    def body(self) -> ErrorBody:
        """OpenAI's error body."""
        return {
            "error": {
                "message": str(self),
                "type": self.type,
                "param": self.param,
                "code": self.code,
            }
        }
