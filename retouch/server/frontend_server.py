"""The frontend as one thing that runs until it is told to stop, and then drains."""

import asyncio
import contextlib
import time
from collections.abc import Iterator
from socket import socket
from typing import Final

import structlog
import typer
import uvicorn

from frontend.app import create_app
from frontend.protocol import Protocol
from frontend.services import Services
from frontend.settings import Settings
from retouch.server.signals import StopSignals, first_of

_FAREWELL_SECONDS: Final = 1.0  # for the answers of what is cut off
_log = structlog.get_logger(__name__)


class FrontendServer(uvicorn.Server):
    """uvicorn that greets when it listens, and that leaves the signals to us."""

    def __init__(self, settings: Settings, greeting: str) -> None:
        self._app = create_app(settings)
        self._greeting = greeting
        self._drain_seconds = settings.drain_timeout_seconds
        super().__init__(
            uvicorn.Config(
                self._app,
                host=settings.host,
                port=settings.port,
                http=Protocol,
                ws="none",
                log_config=None,  # the frontend's own logging
                access_log=False,
                server_header=False,
                forwarded_allow_ips=settings.trusted_proxies,
            )
        )

    async def serve_until(self, stop: StopSignals) -> None:
        """Serve until the operator asks for the end, then finish the accepted edits and stop.

        Meanwhile the port stays open: readiness and new edits are answered with 503.
        """
        serving = asyncio.create_task(self.serve())
        await first_of(serving, stop.asked)
        deadline = time.monotonic() + self._drain_seconds
        if self.started and not serving.done():
            await self._drain(stop.insisted)
        # What is still being sent may take the rest of the time.
        self.config.timeout_graceful_shutdown = max(1, round(deadline - time.monotonic()))
        self.should_exit = True
        await first_of(serving, stop.insisted)
        if not serving.done():
            await self._cut_off(serving)
        await serving

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Listen, and say so."""
        await super().startup(sockets)
        if self.started:
            typer.echo(self._greeting)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Do nothing: Triton must outlive the frontend's last answer."""
        yield

    async def _drain(self, insisted: asyncio.Event) -> None:
        services: Services = self._app.state.services
        services.admission.drain()
        idle = asyncio.create_task(services.admission.idle())
        await first_of(idle, insisted, self._drain_seconds)
        if not idle.done():
            _log.warning("edits cut off", edits=services.admission.open_edits)
            idle.cancel()

    async def _cut_off(self, serving: asyncio.Task[None]) -> None:
        for request in self.server_state.tasks:
            request.cancel()  # it is answered with 503
        await asyncio.wait({serving}, timeout=_FAREWELL_SECONDS)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
