"""The embedded tritonserver as one thing that runs: started, watched, restarted, stopped."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import structlog

from frontend.telemetry.exporting import traces_url
from retouch.releases.repository import served
from retouch.server.backend_folder import assemble
from retouch.server.distribution import TritonDistribution
from retouch.server.errors import TritonFailed
from retouch.server.options import ServeOptions
from retouch.server.triton_command import arguments, environment
from retouch.server.triton_process import TritonProcess

FIRST_BACKOFF_SECONDS = 1.0
LONGEST_BACKOFF_SECONDS = 30.0
# A server that ran this long was healthy: its end starts the backoff anew.
HEALTHY_SECONDS = 60.0

_log = structlog.get_logger(__name__)


class EmbeddedTriton:
    """Triton for `retouch serve` without a container."""

    def __init__(self, options: ServeOptions, inherited_environment: dict[str, str]) -> None:
        self._distribution = TritonDistribution.find()
        self._address = options.own_triton
        self._log_file = options.home / "logs" / "triton.log"
        self._environment = environment(
            self._distribution, options.home / "engines", inherited_environment
        )
        self._backends = assemble(options.home / "backends", self._distribution)
        self._options = options
        self._traces_url = traces_url(inherited_environment)
        self._process: TritonProcess | None = None

    async def start(self, on_loaded: Callable[[str], None]) -> None:
        """Start the server and wait until it is ready; raises `TritonFailed`."""
        command = arguments(
            self._distribution,
            self._backends,
            self._options.model_repositories,  # with the releases that are in use now
            self._options.triton_ports,
            self._traces_url,
        )
        self._process = await TritonProcess.start(
            command, self._address, self._environment, self._log_file, on_loaded
        )
        await self._process.ready()

    async def keep_running(self) -> None:
        """Restart the server whenever it ends, waiting longer each time it fails again soon."""
        backoff_seconds = FIRST_BACKOFF_SECONDS
        while True:
            started = time.monotonic()
            await self._run_to_its_end()
            if time.monotonic() - started > HEALTHY_SECONDS:
                backoff_seconds = FIRST_BACKOFF_SECONDS
            await asyncio.sleep(backoff_seconds)
            backoff_seconds = min(2 * backoff_seconds, LONGEST_BACKOFF_SECONDS)
            await self._restart()

    async def stop(self, insisted: asyncio.Event) -> None:
        """End the server, letting it finish what is in flight unless `insisted` is set."""
        if self._process is not None:
            await self._process.stop(insisted)

    async def _run_to_its_end(self) -> None:
        if self._process is not None:
            code = await self._process.ended()
            _log.error("triton ended", exit_code=code, log=str(self._log_file))

    async def _restart(self) -> None:
        try:
            await self.start(lambda model: _log.info("model loaded", model=model))
            _log.info("triton runs again")
        except TritonFailed as error:
            _log.error("triton did not start again", reason=str(error))


def count_models(repositories: tuple[Path, ...]) -> int:
    """How many models a server over these repositories will load."""
    return sum(len(served(folder)) for folder in repositories)
