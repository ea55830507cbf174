"""The one place where errors become responses."""

from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from frontend.errors.base import ApiError
from frontend.errors.request import MethodNotAllowedError, PathNotFoundError, RequestError
from frontend.errors.service import UnexpectedError
from frontend.errors.validation import field_error

_NOT_FOUND: Final = 404
_METHOD_NOT_ALLOWED: Final = 405
_SERVER_ERROR: Final = 500


def error_response(error: ApiError) -> JSONResponse:
    """Return `error` as OpenAI's JSON body with its status and headers."""
    return JSONResponse(error.body, error.status, headers=error.headers)


def install_handlers(app: FastAPI) -> None:
    """Give every error of `app` an OpenAI body; unexpected ones get theirs from the middleware."""
    for kind in (ApiError, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, _handle)


async def _handle(request: Request, error: Exception) -> JSONResponse:
    return error_response(_as_api_error(request, error))


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
