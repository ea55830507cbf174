"""The port of the metrics, in the frontend's own process."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator

import uvicorn

from frontend.admission.admission import Admission
from frontend.inference.models import EditModels
from frontend.results.open_store import store_folder
from frontend.settings import Settings
from frontend.telemetry.page import metrics_page


@contextlib.asynccontextmanager
async def metrics_port(
    settings: Settings, models: EditModels, admission: Admission
) -> AsyncIterator[None]:
    """Answer Prometheus for the time of the context, if the operator has set a port for it.

    Raises:
        OSError: the port cannot be listened on.
    """
    if settings.metrics_port is None:
        yield
        return
    address = (settings.metrics_host, settings.metrics_port)
    family = socket.AF_INET6 if ":" in settings.metrics_host else socket.AF_INET
    listening = socket.create_server(address, family=family)
    server = _Server(
        uvicorn.Config(
            metrics_page(models, admission, store_folder(settings)),
            log_config=None,  # the frontend's own logging
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=1,
            ws="none",
        )
    )
    serving = asyncio.create_task(server.serve([listening]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving


class _Server(uvicorn.Server):
    """uvicorn that leaves the signals to the frontend's own."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
