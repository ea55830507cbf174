"""Other libraries' errors -> ours: one table for each seam, the most specific row first."""

import struct
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

import grpc
import obstore.exceptions
from alembic.util import CommandError
from PIL import Image, UnidentifiedImageError
from sqlalchemy.exc import SQLAlchemyError
from tritonclient.utils import InferenceServerException

from frontend.errors.base import ApiError
from frontend.errors.pictures import InvalidImageFileError
from frontend.errors.request import ResultNotFoundError
from frontend.errors.service import ModelFailedError, OverloadedError, UnavailableError
from frontend.telemetry.dependency import Dependency

Translation = Callable[[Exception], ApiError]
Table = Sequence[tuple[type[Exception], Translation]]
_SERVER_ERROR: Final = 500

# What a gRPC status of Triton means to a client. INVALID_ARGUMENT and its kin are our fault, not
# the client's, because requests are checked before they are sent.
STATUS_ERRORS: Final[Mapping[grpc.StatusCode, Callable[[], ApiError]]] = {
    grpc.StatusCode.UNAVAILABLE: UnavailableError,
    grpc.StatusCode.CANCELLED: UnavailableError,
    grpc.StatusCode.ABORTED: UnavailableError,
    grpc.StatusCode.NOT_FOUND: UnavailableError,  # unloaded since the catalogue was read
    grpc.StatusCode.DEADLINE_EXCEEDED: OverloadedError,
    grpc.StatusCode.RESOURCE_EXHAUSTED: OverloadedError,
    grpc.StatusCode.OK: ModelFailedError,
    grpc.StatusCode.UNKNOWN: ModelFailedError,
    grpc.StatusCode.INTERNAL: ModelFailedError,
    grpc.StatusCode.DATA_LOSS: ModelFailedError,
    grpc.StatusCode.INVALID_ARGUMENT: ModelFailedError,
    grpc.StatusCode.FAILED_PRECONDITION: ModelFailedError,
    grpc.StatusCode.OUT_OF_RANGE: ModelFailedError,
    grpc.StatusCode.UNIMPLEMENTED: ModelFailedError,
    grpc.StatusCode.ALREADY_EXISTS: ModelFailedError,
    grpc.StatusCode.PERMISSION_DENIED: ModelFailedError,
    grpc.StatusCode.UNAUTHENTICATED: ModelFailedError,
}
# What Triton says on a stream, where it sends no status, of a model that is being restarted, and
# what a model says of a window that was made for another one, which it has just replaced.
DEAD_STUB: Final = "Stub process"
ABSENT: Final = (
    DEAD_STUB,
    "is not ready",
    "is not available",
    "unloading",
    "unknown model",
    "must be of shape",
)
# What gRPC itself says, with the status INTERNAL, of a connection that broke under a message.
_BROKEN: Final = "Internal error from Core"
_STATUS_BY_TEXT: Final = {str(status): status for status in grpc.StatusCode}


def _from_exception(error: Exception) -> ApiError:
    assert isinstance(error, InferenceServerException)  # noqa: S101 - the table's row
    if any(phrase in error.message() for phrase in ABSENT):
        return UnavailableError()
    status = _STATUS_BY_TEXT.get(error.status(), grpc.StatusCode.UNKNOWN)
    return STATUS_ERRORS[status]()


def _from_call(error: Exception) -> ApiError:
    assert isinstance(error, grpc.aio.AioRpcError)  # noqa: S101 - the table's row
    if error.details() == _BROKEN:
        return UnavailableError()
    return STATUS_ERRORS[error.code()]()


def _always(kind: Callable[[], ApiError]) -> Translation:
    return lambda _: kind()


TRITON_ERRORS: Final[Table] = (
    (InferenceServerException, _from_exception),
    (grpc.aio.AioRpcError, _from_call),
    (grpc.aio.UsageError, _always(UnavailableError)),  # the channel is closed: we are stopping
)
# What Pillow and the header reader raise on damaged files.
PICTURE_FAULTS: Final[Sequence[type[Exception]]] = (
    UnidentifiedImageError,
    Image.DecompressionBombError,
    SyntaxError,  # Pillow: "broken PNG file"
    EOFError,
    IndexError,
    struct.error,
    zlib.error,
    OSError,
    ValueError,
)
STORE_ERRORS: Final[Table] = (
    (obstore.exceptions.BaseError, _always(UnavailableError)),
    (OSError, _always(UnavailableError)),  # a missing bucket is a FileNotFoundError
)
# The same for reading one result, whose absence is an answer.
RESULT_ERRORS: Final[Table] = (
    (obstore.exceptions.NotFoundError, _always(ResultNotFoundError)),
    (FileNotFoundError, _always(ResultNotFoundError)),
    *STORE_ERRORS,
)
DATABASE_ERRORS: Final[Table] = (
    (SQLAlchemyError, _always(UnavailableError)),
    (CommandError, _always(UnavailableError)),  # alembic: the database is newer than we are
    (OSError, _always(UnavailableError)),
)


def picture_errors(param: str) -> Table:
    """Return the table for reading the picture of field `param`."""
    return tuple((kind, lambda _: InvalidImageFileError(param)) for kind in PICTURE_FAULTS)


@contextmanager
def translating(table: Table, dependency: Dependency | None = None) -> Iterator[None]:
    """Raise the table's error in place of a foreign one; errors without a row pass through.

    Args:
        table: the errors.
        dependency: whose fault such an error is, unless it is the request's.
    """
    try:
        yield
    except Exception as error:
        for kind, translation in table:
            if isinstance(error, kind):
                answer = translation(error)
                if dependency is not None and answer.status >= _SERVER_ERROR:
                    dependency.failed()
                raise answer from error
        raise
