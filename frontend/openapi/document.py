"""The document: what FastAPI derives from the routes, made exact."""

import warnings
from collections.abc import Iterator
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from frontend.openapi.errors import BODIES

_DESCRIPTION: Final = """\
Edit pictures with a prompt and a mask. The pixels outside the mask come back byte for byte.

Clients written for OpenAI's image-edit API work unchanged. Every error, on every path and with
every status, has the body `{"error": {"message", "type", "param", "code"}}`.
"""
_UNUSED_STATUS: Final = "422"  # FastAPI's own; our validation answers 400
_UNUSED_SCHEMAS: Final = ("HTTPValidationError", "ValidationError")
_HEADERS: Final = {
    "x-request-id": {
        "description": "Names this request in the server's log.",
        "schema": {"type": "string", "pattern": "^req_[0-9a-f]{32}$"},
    },
    "openai-processing-ms": {
        "description": "Milliseconds from the request's arrival to the answer's first byte.",
        "schema": {"type": "integer", "minimum": 0},
    },
    "openai-version": {
        "description": "The version of OpenAI's API whose form the answers have.",
        "schema": {"type": "string"},
    },
}
_COMMON: Final = {name: {"$ref": f"#/components/headers/{name}"} for name in _HEADERS}


def install_document(app: FastAPI) -> None:
    """Let `app` describe itself in these words."""

    def document() -> dict[str, Any]:
        app.openapi_schema = app.openapi_schema or describe(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # as FastAPI's documentation says


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document of `app`."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Duplicate Operation ID")  # GET and HEAD of one route
        document = get_openapi(
            title=app.title,
            version=app.version,
            description=_DESCRIPTION,
            routes=app.routes,
            tags=app.openapi_tags,
            license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        )
    for name in _UNUSED_SCHEMAS:
        document["components"]["schemas"].pop(name, None)
    document["components"]["headers"] = _HEADERS
    for response in _responses(document):
        response["headers"] = _COMMON | response.get("headers", {})
        _restore_nulls(response)
    return document


def _responses(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        path.pop("head", None)  # the same as GET
        for operation in path.values():
            operation["responses"].pop(_UNUSED_STATUS, None)
            yield from operation["responses"].values()


def _restore_nulls(response: dict[str, Any]) -> None:
    """FastAPI leaves out what is null, even in examples."""
    for content in response.get("content", {}).values():
        for name, example in content.get("examples", {}).items():
            example["value"] = BODIES[name]
