"""The ASGI application."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Final

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig

from frontend.errors.handlers import install_handlers
from frontend.inference.addresses import targets_of
from frontend.inference.models import EditModels
from frontend.inference.triton import TritonModels
from frontend.logs import configure_logging
from frontend.middleware.any_origin import AnyOrigin
from frontend.middleware.edit_usage import EditUsage
from frontend.middleware.request_context import RequestContext
from frontend.openapi.document import install_document
from frontend.pages import routes as pages
from frontend.routes import health, image_edits, models, results
from frontend.routes.admin import router as admin
from frontend.routes.api_docs import install_docs
from frontend.services import Connect, open_services
from frontend.settings import Settings
from frontend.telemetry.exporting import exporting

# FastAPI's own spans would hold paths, some of which are secrets.
_NO_TELEMETRY: Final[TelemetryConfig] = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "auto_configure": False,
}


def connect_to_triton(settings: Settings) -> EditModels:
    """Return the models of the Triton servers that `settings` name."""
    return TritonModels(
        targets_of(settings.triton),
        catalogue_lifetime_seconds=settings.catalogue_lifetime_seconds,
    )


def create_app(settings: Settings, connect: Connect = connect_to_triton) -> FastAPI:
    """Build the application; nothing is opened before its lifespan begins.

    Args:
        settings: what the operator set.
        connect: how to reach the models; called once, in the running event loop.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        configure_logging(as_json=settings.log_json)
        async with exporting(os.environ), open_services(settings, connect) as services:
            app.state.services = services
            yield

    app = FastAPI(
        title="Retouch",
        version=version("retouch"),
        lifespan=lifespan,
        redirect_slashes=False,
        docs_url=None,  # ours needs no other host
        redoc_url=None,
        telemetry=_NO_TELEMETRY,
        generate_unique_id_function=lambda route: route.name,
    )
    for routes in (image_edits, models, results, health, admin, pages):
        app.include_router(routes.router)
    install_docs(app)
    install_document(app)
    install_handlers(app)
    app.add_middleware(EditUsage)
    app.add_middleware(AnyOrigin)
    app.add_middleware(RequestContext)
    return app
