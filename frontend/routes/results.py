"""Where result URLs lead. The URL is the permission: a key is neither needed nor looked at."""

from fastapi import APIRouter, Response

from frontend.results.urls import PATH
from frontend.services import Open

router = APIRouter(prefix=PATH, tags=["images"])


@router.head("/{token}.png", include_in_schema=False)
@router.get("/{token}.png", response_class=Response)
async def result(token: str, services: Open) -> Response:
    """Serve a finished picture until its URL expires."""
    png, left_seconds = await services.results.load(token)
    headers = {
        "Cache-Control": f"private, max-age={left_seconds}, immutable",
        "Content-Disposition": 'inline; filename="edit.png"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(png, media_type="image/png", headers=headers)
