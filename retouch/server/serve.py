"""`retouch serve`: Triton first, the frontend when it is ready; down in the other order."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Iterator

from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from frontend.settings import Settings
from frontend.settings_fault import settings_fault
from frontend.telemetry.exporting import require_exportable
from retouch.server.database import require_database
from retouch.server.embedded_triton import EmbeddedTriton, count_models
from retouch.server.errors import InvalidSettings, LaunchError
from retouch.server.frontend_server import FrontendServer
from retouch.server.options import ServeOptions
from retouch.server.ports import Port, require_free
from retouch.server.signals import StopRequested, StopSignals, unless_stopped
from retouch.server.welcome import welcome

# Progress and errors; standard output has the greeting alone.
_console = Console(stderr=True)


def run(options: ServeOptions) -> None:
    """Serve until SIGINT or SIGTERM; if it can't start, end with one line and exit code 1."""
    try:
        asyncio.run(_serve(options))
    except StopRequested:
        _console.print("Stopped before everything was up.")
    except LaunchError as error:
        line = f"[bold red]Cannot start:[/] {escape(str(error))}"
        _console.print(line, soft_wrap=True, highlight=False)
        raise SystemExit(1) from error


async def _serve(options: ServeOptions) -> None:
    settings = _settings(options)
    require_free(_ports(options, settings))
    await require_database(settings)
    stop = StopSignals()
    async with _triton(options, stop):
        text = await welcome(settings, embedded=options.triton_url is None)
        await FrontendServer(settings, text).serve_until(stop)


def _ports(options: ServeOptions, settings: Settings) -> Iterator[Port]:
    yield options.frontend_port
    if settings.metrics_port is not None:
        yield Port(settings.metrics_port, settings.metrics_host, "metrics", "--metrics-port")
    if options.triton_url is None:
        yield from options.triton_ports


@contextlib.asynccontextmanager
async def _triton(options: ServeOptions, stop: StopSignals) -> AsyncIterator[None]:
    """Keep our own Triton up for the time of the context, if the operator has none."""
    if options.triton_url:
        yield
        return
    triton = EmbeddedTriton(options, dict(os.environ))
    try:
        await unless_stopped(_start_with_progress(triton, options), stop.asked)
        watching = asyncio.create_task(triton.keep_running())
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.wait({watching})
    finally:
        await triton.stop(stop.insisted)


async def _start_with_progress(triton: EmbeddedTriton, options: ServeOptions) -> None:
    columns = (
        TextColumn("Starting Triton"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("models"),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=_console) as progress:
        task = progress.add_task("", total=count_models(options.model_repositories))
        await triton.start(lambda model: progress.update(task, advance=1, description=model))


def _settings(options: ServeOptions) -> Settings:
    try:
        require_exportable(os.environ)
        return Settings(
            host=options.host,
            port=options.port,
            metrics_port=options.metrics_port,
            home=options.home,
            triton=options.triton_url or options.own_triton,
        )
    except ValidationError as error:
        raise InvalidSettings(settings_fault(error)) from None
    except ValueError as error:
        raise InvalidSettings(str(error)) from None
