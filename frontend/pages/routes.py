"""The pages and their files."""

from typing import Final

from fastapi import APIRouter, Request, Response

from frontend.errors.request import PathNotFoundError
from frontend.pages.assets import Asset, assets

router = APIRouter(include_in_schema=False)

# No other host, no inline script or style, no frame. The pages' pictures are blobs of their own.
_POLICY: Final = (
    "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_PAGE_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_HEADERS: Final = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",  # kept, but asked for with its ETag each time
    "Vary": "Accept-Encoding",
}
_PAGE: Final = "text/html"
_NOT_MODIFIED: Final = 304


@router.get("/")
async def playground(request: Request) -> Response:
    """Where people edit pictures."""
    return _answer(request, assets()["playground.html"])


@router.get("/keys")
async def keys(request: Request) -> Response:
    """Where the administrator manages API keys."""
    return _answer(request, assets()["keys.html"])


@router.get("/status")
async def status(request: Request) -> Response:
    """What an operator looks at first."""
    return _answer(request, assets()["status.html"])


@router.get("/static/{path:path}")
async def static(request: Request, path: str) -> Response:
    """A file of the pages."""
    asset = assets().get(path)
    if asset is None:
        raise PathNotFoundError(request.method, request.scope["path"])
    return _answer(request, asset)


def _answer(request: Request, asset: Asset) -> Response:
    headers = {**_HEADERS, "ETag": asset.etag}
    if asset.media_type == _PAGE:
        headers |= _PAGE_HEADERS
    if asset.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=_NOT_MODIFIED, headers=headers)
    if asset.compressed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(asset.compressed, media_type=asset.media_type, headers=headers)
    return Response(asset.content, media_type=asset.media_type, headers=headers)
