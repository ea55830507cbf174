"""Pages of any origin may call the API with a key.

Never with a cookie: the playground's counts on our own pages alone, so credentials are not allowed.
"""

from typing import Final

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from frontend.errors.handlers import error_response
from frontend.errors.request import PreflightError

_API: Final = "/v1/"
_OK: Final = 200


class AnyOrigin:
    """Sends the CORS headers of the API's routes, and of no other."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._api = _Cors(
            app,
            allow_origins=["*"],
            allow_methods=["*"],
            allow_headers=["*"],
            expose_headers=["*"],
            max_age=86_400,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        is_api = scope["type"] == "http" and scope["path"].startswith(_API)
        await (self._api if is_api else self._app)(scope, receive, send)


class _Cors(CORSMiddleware):
    """Starlette's, with our body where it refuses."""

    def preflight_response(self, request_headers: Headers) -> Response:
        answer = super().preflight_response(request_headers)
        return answer if answer.status_code == _OK else error_response(PreflightError())
