"""The frontend's HTTP on a real socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI

from frontend.protocol import Protocol


class Server(uvicorn.Server):
    """One on a port that nobody uses."""

    def __init__(self, app: FastAPI, keep_alive_seconds: int) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                port=0,
                http=Protocol,
                ws="none",
                lifespan="off",
                log_config=None,
                timeout_keep_alive=keep_alive_seconds,
            )
        )

    @property
    def port(self) -> int:
        """Where it listens."""
        [listener] = self.servers[0].sockets
        port: int = listener.getsockname()[1]
        return port


@asynccontextmanager
async def serving(app: FastAPI, keep_alive_seconds: int = 5) -> AsyncIterator[Server]:
    """Serve until the context ends."""
    server = Server(app, keep_alive_seconds)
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield server
    server.should_exit = True
    await running
