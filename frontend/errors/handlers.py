"""The one place where errors become responses."""

import traceback
from typing import Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from frontend.errors.base import ApiError
from frontend.errors.request import MethodNotAllowedError, PathNotFoundError, RequestError
from frontend.errors.service import UnexpectedError
from frontend.errors.validation import field_error
from frontend.middleware.notes import notes_of

_NOT_FOUND: Final = 404
_METHOD_NOT_ALLOWED: Final = 405
_SERVER_ERROR: Final = 500
_LONGEST_CAUSE: Final = 500  # characters

_log = structlog.get_logger(__name__)


def error_response(error: ApiError) -> JSONResponse:
    """Return `error` as OpenAI's JSON body with its status and headers."""
    return JSONResponse(error.body, error.status, headers=error.headers)


def as_told(error: Exception) -> ApiError:
    """Return what the client is told of `error`, and log what it is not told."""
    if not isinstance(error, ApiError):
        log_unexpected(error)
        return UnexpectedError()
    if error.status >= _SERVER_ERROR:
        _log_cause(error)
    return error


def log_unexpected(error: Exception) -> None:
    """Log where and what, but not the message, which may quote the request."""
    frames = traceback.format_tb(error.__traceback__)
    _log.error("unexpected_error", kind=type(error).__name__, frames=frames)


def install_handlers(app: FastAPI) -> None:
    """Give every error of `app` an OpenAI body; unexpected ones get theirs from the middleware."""
    for kind in (ApiError, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, _handle)


async def _handle(request: Request, error: Exception) -> JSONResponse:
    answer = as_told(_as_api_error(request, error))
    notes_of(request.scope).error(answer)
    return error_response(answer)


def _log_cause(error: ApiError) -> None:
    """Tell the operator what the client is not told: an engine's or a database's own words."""
    cause = error.__cause__
    kind, words = type(cause).__name__, str(cause)[:_LONGEST_CAUSE]
    _log.error("failed", error=type(error).__name__, cause=f"{kind}: {words}" if cause else None)


def _as_api_error(request: Request, error: Exception) -> ApiError:
    if isinstance(error, ApiError):
        return error
    if isinstance(error, RequestValidationError):
        return field_error(error.errors()[0])
    if isinstance(error, HTTPException):
        return _from_http(request, error)
    return UnexpectedError()


def _from_http(request: Request, error: HTTPException) -> ApiError:
    if error.status_code == _NOT_FOUND:
        return PathNotFoundError(request.method, request.scope["path"])
    if error.status_code == _METHOD_NOT_ALLOWED:
        return MethodNotAllowedError(request.method, (error.headers or {}).get("Allow", ""))
    if error.status_code >= _SERVER_ERROR:
        return UnexpectedError()
    return RequestError(str(error.detail))
