"""No foreign error is without a translation."""

from collections.abc import Iterator

import grpc
import obstore.exceptions
import pytest
from PIL import UnidentifiedImageError
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from tritonclient.utils import InferenceServerException

from frontend.errors.base import ApiError
from frontend.errors.foreign import (
    DATABASE_ERRORS,
    RESULT_ERRORS,
    STATUS_ERRORS,
    STORE_ERRORS,
    TRITON_ERRORS,
    Table,
    picture_errors,
    translating,
)
from frontend.errors.pictures import InvalidImageFileError
from frontend.errors.request import ResultNotFoundError
from frontend.errors.service import ModelFailedError, OverloadedError, UnavailableError


def translated(table: Table, error: Exception) -> ApiError:
    with pytest.raises(ApiError) as caught, translating(table):
        raise error
    assert caught.value.__cause__ is error
    return caught.value


def subclasses(kind: type[Exception]) -> Iterator[type[Exception]]:
    yield kind
    for child in kind.__subclasses__():
        yield from subclasses(child)


@pytest.mark.parametrize("status", list(grpc.StatusCode))
def test_every_grpc_status_has_an_entry_and_both_of_its_exceptions_agree(
    status: grpc.StatusCode,
) -> None:
    from_client = InferenceServerException("message", status=str(status))
    from_call = grpc.aio.AioRpcError(status, grpc.aio.Metadata(), grpc.aio.Metadata())
    kinds = {type(translated(TRITON_ERRORS, error)) for error in (from_client, from_call)}
    assert kinds == {STATUS_ERRORS[status]}


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("Stub process 'retouch-mini_0_0' is not healthy.", UnavailableError),
        ("Request for unknown model: 'retouch-mini' is not found", UnavailableError),
        ("division by zero", ModelFailedError),
    ],
)
def test_an_error_on_the_stream_is_told_by_its_words(message: str, kind: type[ApiError]) -> None:
    assert type(translated(TRITON_ERRORS, InferenceServerException(message))) is kind


def test_a_connection_that_breaks_under_a_message_is_no_failure_of_the_model() -> None:
    nothing = grpc.aio.Metadata()
    code, details = grpc.StatusCode.INTERNAL, "Internal error from Core"  # as grpc.aio says it
    error = grpc.aio.AioRpcError(code, nothing, nothing, details=details)
    assert type(translated(TRITON_ERRORS, error)) is UnavailableError


@pytest.mark.parametrize("kind", list(subclasses(obstore.exceptions.BaseError)))
def test_every_error_of_the_store_has_an_entry(kind: type[Exception]) -> None:
    expected = ResultNotFoundError if kind.__name__ == "NotFoundError" else UnavailableError
    assert type(translated(RESULT_ERRORS, kind("message"))) is expected
    assert type(translated(STORE_ERRORS, kind("message"))) is UnavailableError


def test_a_missing_object_is_not_found_and_a_missing_bucket_is_unavailable() -> None:
    assert type(translated(RESULT_ERRORS, FileNotFoundError())) is ResultNotFoundError
    assert type(translated(STORE_ERRORS, FileNotFoundError())) is UnavailableError


def test_every_error_of_the_database_means_unavailable() -> None:
    for error in (SQLAlchemyError("message"), OperationalError("s", {}, Exception())):
        assert type(translated(DATABASE_ERRORS, error)) is UnavailableError


@pytest.mark.parametrize(
    "error", [UnidentifiedImageError(), SyntaxError(), OSError(), ValueError(), EOFError()]
)
def test_every_error_of_the_decoder_means_a_damaged_file(error: Exception) -> None:
    translation = translated(picture_errors("mask"), error)
    assert type(translation) is InvalidImageFileError
    assert translation.param == "mask"


def test_an_error_without_a_row_passes_through() -> None:
    with pytest.raises(KeyError), translating(TRITON_ERRORS):
        raise KeyError("unknown")


@pytest.mark.parametrize(
    "table", [TRITON_ERRORS, STORE_ERRORS, RESULT_ERRORS, DATABASE_ERRORS, picture_errors("")]
)
def test_no_row_is_hidden_by_an_earlier_one(table: Table) -> None:
    for later, (kind, _) in enumerate(table):
        assert not any(issubclass(kind, earlier) for earlier, _ in table[:later])


def test_what_may_be_retried_says_when() -> None:
    for error in (OverloadedError(), UnavailableError()):
        assert 1 <= int(error.headers["Retry-After"]) <= 120
