"""Where result URLs lead. The URL is the permission: a key is neither needed nor looked at."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response

from frontend.openapi.errors import RESULT, documented
from frontend.pictures.formats import PictureFormat
from frontend.results.ranges import is_cached, requested_span, wants_range
from frontend.results.store import Result, Results
from frontend.results.urls import PATH
from frontend.services import Open

router = APIRouter(prefix=PATH, tags=["images"])
_TEXT: Final = {"schema": {"type": "string"}}
_BYTES: Final = {"schema": {"type": "string", "format": "binary"}}
_PICTURE: Final = {kind.media_type: _BYTES for kind in PictureFormat}
_SERVED: Final = dict.fromkeys(
    ("Accept-Ranges", "Cache-Control", "Content-Disposition", "ETag"), _TEXT
)
PARAMETERS: Final = [
    {"in": "header", "name": name, "required": False, "description": text, **_TEXT}
    for name, text in (
        ("Range", "One span of bytes, such as `bytes=0-1023`; any other form is ignored."),
        ("If-Range", "An `ETag`: of another picture, the whole one is served."),
        ("If-None-Match", "`ETag`s of pictures that the client has."),
    )
]
RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The picture.", "content": _PICTURE, "headers": _SERVED},
    206: {
        "description": "The bytes that `Range` asks for.",
        "content": _PICTURE,
        "headers": _SERVED | {"Content-Range": _TEXT},
    },
    304: {"description": "The client has it: `If-None-Match` names its `ETag`."},
}


# One route for both, so that a refusal of other methods names both.
@router.api_route(
    "/{file_name}",
    methods=["GET", "HEAD"],
    response_class=Response,
    responses=RESPONSES | documented(*RESULT),
    openapi_extra={"parameters": PARAMETERS},
)
async def result(request: Request, file_name: str, services: Open) -> Response:
    """Serve a finished picture, or a range of its bytes, until its URL expires.

    `HEAD` tells the same without the picture.
    """
    found = services.results.find(file_name)
    if is_cached(request.headers, found.etag):
        return Response(status_code=304, headers=_headers(found))
    if request.method == "HEAD":
        return await _head(services.results, found)
    if wants_range(request.headers, found.etag):
        return await _range(services.results, found, request.headers["range"])
    return _response(found, await services.results.read(found), 200, _headers(found))


async def _head(results: Results, found: Result) -> Response:
    size_bytes = await results.size_bytes(found)
    return _response(found, b"", 200, _headers(found) | {"Content-Length": str(size_bytes)})


async def _range(results: Results, found: Result, header: str) -> Response:
    size_bytes = await results.size_bytes(found)
    span = requested_span(header, size_bytes)
    part = await results.read(found, span)
    if span is None:
        return _response(found, part, 200, _headers(found))
    shown = f"bytes {span.start}-{span.stop - 1}/{size_bytes}"
    return _response(found, part, 206, _headers(found) | {"Content-Range": shown})


def _response(found: Result, content: bytes, status: int, headers: dict[str, str]) -> Response:
    return Response(content, status, headers=headers, media_type=found.kind.media_type)


def _headers(found: Result) -> dict[str, str]:
    return {
        "Accept-Ranges": "bytes",
        # Pages of any origin may draw what they were given the URL of.
        "Access-Control-Allow-Origin": "*",
        "Cache-Control": f"private, max-age={found.left_seconds}, immutable",
        "Content-Disposition": f'inline; filename="edit.{found.kind}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "ETag": found.etag,
    }
