"""The HTTP server around the application."""

import uvicorn

from frontend.app import create_app
from frontend.logs import configure_logging
from frontend.settings import Settings


def http_server(settings: Settings) -> uvicorn.Server:
    """Return a server for the frontend, ready to `serve()`; it also sets up the process's logs."""
    configure_logging(as_json=settings.log_json)
    return uvicorn.Server(
        uvicorn.Config(
            create_app(settings),
            host=settings.host,
            port=settings.port,
            access_log=False,  # the application logs its requests itself
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=30,
        )
    )
