"""`/docs`: Swagger UI over `/openapi.json`, with nothing from another host."""

from importlib.resources import files
from typing import Final

from fastapi import APIRouter, FastAPI
from fastapi.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

router = APIRouter(prefix="/docs", include_in_schema=False)
_ASSETS: Final = "/docs/assets"
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
# Addresses relative to /docs: right under any path of a proxy.
_PAGE: Final = """\
<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Retouch API</title>
  <link rel="icon" href="docs/assets/favicon-32x32.png">
  <link rel="stylesheet" href="docs/assets/swagger-ui.css">
</head>
<body>
  <div id="api"></div>
  <script src="docs/assets/swagger-ui-bundle.js"></script>
  <script src="docs/start.js"></script>
</body>
</html>
"""
_START: Final = 'SwaggerUIBundle({url: "openapi.json", dom_id: "#api", deepLinking: true});\n'


def install_docs(app: FastAPI) -> None:
    """Add the page, its script and Swagger UI's files."""
    folder = str(files("fastapi_swagger.resources").joinpath(""))
    app.mount(_ASSETS, StaticFiles(directory=folder))
    app.include_router(router)


@router.get("")
async def page() -> HTMLResponse:
    """The API for people to read and to try."""
    return HTMLResponse(_PAGE, headers={"Content-Security-Policy": _POLICY})


@router.get("/start.js")
async def start() -> Response:
    """What the page does when it is loaded."""
    return Response(_START, media_type="text/javascript")
