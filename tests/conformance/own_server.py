"""The frontend on a real socket, before models that fail as they are told."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Unpack

import uvicorn

from frontend.app import create_app
from frontend.inference.models import EditModel
from frontend.keys.store import KeyOptions
from frontend.protocol import Protocol
from frontend.services import Services
from frontend.settings import Settings
from tests.conformance.target import Target
from tests.frontend.painter import MINI, Painter


class MoodyPainter(Painter):
    """Fails as often as it has failures, and then paints."""

    def __init__(self) -> None:
        super().__init__()
        self.failures: list[Exception] = []
        self.asked = 0

    async def catalogue(self) -> Mapping[str, EditModel]:
        """Count the requests, and fail the first of them."""
        self.asked += 1
        if self.failures:
            raise self.failures.pop(0)
        return await super().catalogue()


@dataclass
class OwnServer:
    """A running server, its models and its services."""

    loop: asyncio.AbstractEventLoop
    painter: MoodyPainter
    services: Services
    target: Target
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def settings_of_key(self, **options: Unpack[KeyOptions]) -> dict[str, Any]:
        """What a client is configured with to call with a new key that has these limits."""
        creating = self.services.keys.create("limited", **options)
        key = asyncio.run_coroutine_threadsafe(creating, self.loop).result()
        return replace(self.target, key=key).settings

    def hold(self) -> None:
        """Let edits wait until `release`."""
        self.loop.call_soon_threadsafe(self.painter.may_finish.clear)

    def release(self) -> None:
        """Let edits finish."""
        self.loop.call_soon_threadsafe(self.painter.may_finish.set)


@contextlib.contextmanager
def running(home: Path) -> Iterator[OwnServer]:
    """Serve in a thread of its own."""
    found: list[OwnServer] = []
    ready = threading.Event()

    def serve() -> None:
        asyncio.run(_serve(home, found, ready))

    thread = threading.Thread(target=serve)
    thread.start()
    assert ready.wait(60)
    try:
        yield found[0]
    finally:
        found[0].loop.call_soon_threadsafe(found[0].stopping.set)
        thread.join()


async def _serve(home: Path, found: list[OwnServer], ready: threading.Event) -> None:
    painter = MoodyPainter()
    app = create_app(Settings(home=home), lambda _: painter)
    server = uvicorn.Server(uvicorn.Config(app, port=0, http=Protocol, log_config=None))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    [listener] = server.servers[0].sockets
    services: Services = app.state.services
    key = await services.keys.create("tests")
    base_url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    own = OwnServer(asyncio.get_running_loop(), painter, services, Target(base_url, key, MINI.id))
    found.append(own)
    ready.set()
    await own.stopping.wait()
    server.should_exit = True
    await serving
