"""One run of the embedded tritonserver, from its start to its end."""

import asyncio
import contextlib
import ctypes
import logging
import signal
from collections.abc import Callable, Mapping, Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path

from tritonclient.utils import InferenceServerException

from frontend.inference.connection import connect
from retouch.server.errors import TritonFailed
from retouch.server.signals import first_of
from retouch.server.stream_watch import StreamWatch
from retouch.server.stub_watch import StubWatch
from retouch.server.stubs import stubs_of
from retouch.server.triton_command import EXIT_TIMEOUT_SECONDS
from retouch.server.triton_log import LoadReport, ModelLoaded, read_event

READY_POLL_SECONDS = 0.1
WATCH_SECONDS = 0.2
LOG_BYTES = 10_000_000
LINE_BYTES = 1 << 20  # a failing model's traceback comes as one line
PR_SET_PDEATHSIG = 1


class TritonProcess:
    """A tritonserver that we started."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        grpc_address: str,
        log: Path,
        on_loaded: Callable[[str], None],
    ) -> None:
        self._process = process
        self._grpc_address = grpc_address
        self._log = log
        self._on_loaded = on_loaded
        self._report = LoadReport()
        # From the beginning: a stub may die before we know that all are there.
        self._stubs = StubWatch(process.pid, grpc_address)
        self._streams: StreamWatch | None = None  # once it is ready
        self._reader = asyncio.create_task(self._read_log())

    @classmethod
    async def start(
        cls,
        command: Sequence[str],
        grpc_address: str,
        environment: Mapping[str, str],
        log: Path,
        on_loaded: Callable[[str], None],
    ) -> "TritonProcess":
        """Start the server.

        Args:
            command: the program and its arguments.
            grpc_address: `host:port` where it is going to listen.
            environment: its variables.
            log: file for what it says.
            on_loaded: gets each model's name when it is loaded.
        """
        process = await asyncio.create_subprocess_exec(
            *command,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=LINE_BYTES,
            # Ctrl-C goes to us alone: the frontend finishes its edits before Triton stops.
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
        return cls(process, grpc_address, log, on_loaded)

    @property
    def pid(self) -> int:
        """The server's process id."""
        return self._process.pid

    async def ready(self) -> None:
        """Wait until all models are loaded; raises `TritonFailed` if the server ends first."""
        async with connect(self._grpc_address) as client:
            while self._process.returncode is None:
                with contextlib.suppress(InferenceServerException):  # not listening yet
                    if await client.is_server_ready():
                        self._streams = StreamWatch(self._grpc_address)
                        return
                await asyncio.sleep(READY_POLL_SECONDS)
        await self._reader
        reason = self._report.explain() or f"it ended with code {self._process.returncode}"
        raise TritonFailed(f"Triton did not start: {reason} (its log: {self._log})")

    async def ended(self) -> int:
        """Wait for the end of the server and return its exit code.

        The server is ended too when one of its stubs dies: it never starts that of a decoupled
        model again, and the edits in it would wait for ever. So they would where it answers no
        stream any more.
        """
        while self._process.returncode is None and await self._is_whole():
            await asyncio.sleep(WATCH_SECONDS)
        return await self._end()

    async def stop(self, insisted: asyncio.Event) -> None:
        """Let the server finish what is in flight and end it; at once when `insisted` is set."""
        await self._leave_alone()
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
            # Triton waits that long for requests, and then unloads the models.
            exiting = asyncio.create_task(self._exit())
            await first_of(exiting, insisted, 2 * EXIT_TIMEOUT_SECONDS)
            exiting.cancel()
        await self._end()
        await self._reader

    async def _is_whole(self) -> bool:
        is_answered = self._streams is None or self._streams.is_answered
        return is_answered and await self._stubs.is_whole()

    async def _leave_alone(self) -> None:
        """Ask for streams no longer: a server that is to end answers none."""
        if self._streams is not None:
            await self._streams.close()
            self._streams = None

    async def _exit(self) -> None:
        """Wait for the end of the server's own process."""
        while self._process.returncode is None:
            await asyncio.sleep(WATCH_SECONDS)

    async def _end(self) -> int:
        """End what is left of the server, and return its exit code.

        asyncio waits not for the process alone but until nobody holds the log's pipe, which
        orphaned stubs do. A stub may appear as long as that: the server starts a dead one again.
        """
        await self._leave_alone()
        if self._process.returncode is None:
            self._process.kill()
        ending = asyncio.ensure_future(self._process.wait())
        while not ending.done():
            self._remove_stubs()
            await asyncio.wait({ending}, timeout=WATCH_SECONDS)
        self._remove_stubs()
        return ending.result()

    def _remove_stubs(self) -> None:
        """End what the server leaves: it may have started stubs until its end."""
        for stub in self._stubs.stubs | stubs_of(self.pid):
            stub.remove()

    async def _read_log(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 - it was started with a pipe
        self._log.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(self._log, maxBytes=LOG_BYTES, backupCount=3)
        with contextlib.closing(handler):
            async for raw in self._process.stdout:
                line = raw.decode(errors="replace").rstrip()
                handler.emit(logging.makeLogRecord({"msg": line}))
                self._take_note(line)

    def _take_note(self, line: str) -> None:
        event = read_event(line)
        if event is None:
            return
        self._report.add(event)
        if isinstance(event, ModelLoaded):
            self._on_loaded(event.model)
            self._stubs.look_again()


def _die_with_parent() -> None:
    """Make the kernel stop the server if we are killed: it would keep the ports."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
