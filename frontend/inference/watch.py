"""What one Triton server can do now."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

import grpc
import structlog
from tritonclient.grpc import InferenceServerException
from tritonclient.grpc.aio import InferenceServerClient

from frontend.inference.catalogue import models_on
from frontend.inference.models import EditModel
from frontend.inference.probe import Loop
from frontend.inference.probes import Probes

# With the time that a probe may take, the edits of a dead loop end within two seconds.
_INTERVAL_SECONDS: Final = 0.25
_LOOK_SECONDS: Final = 5.0
_ASK_SECONDS: Final = 2.0
_PING_SECONDS: Final = 0.5

_log = structlog.get_logger(__name__)


class Watch:
    """Keeps an eye on a server: which models it has is known before anybody asks.

    Attributes:
        listed: the models that it says it has, by id, as it said last.
        ready: those of them whose loops work.
        is_reachable: whether it answered when it was asked last.
    """

    def __init__(
        self,
        client: InferenceServerClient,
        address: str,
        lifetime_seconds: float,
        is_busy: Callable[[str], bool],
        on_death: Callable[[str], None],
    ) -> None:
        """Begin; must be called in a running event loop.

        Args:
            client: the server's.
            address: the server's, for the log.
            lifetime_seconds: how long the list of its models is trusted.
            is_busy: whether edits wait for a model, by its id.
            on_death: gets the id of each model whose loop is found dead.
        """
        self._client = client
        self._address = address
        self._lifetime_seconds = lifetime_seconds
        self._on_death = on_death
        self._probes = Probes(client, is_busy)
        self._good_until = -1.0
        self._looked = asyncio.Event()
        self._doubted = asyncio.Event()
        self._watching = asyncio.create_task(self._look_forever())
        self.listed: Mapping[str, EditModel] = {}
        self.ready: Mapping[str, EditModel] = {}
        self.is_reachable = False

    async def looked(self) -> None:
        """Wait until it is known for the first time what it has."""
        await self._looked.wait()

    async def is_alive(self) -> bool:
        """Ask whether it runs now, and not a moment ago."""
        try:
            return bool(await self._client.is_server_live(client_timeout=_PING_SECONDS))
        except InferenceServerException:
            return False

    async def is_ready(self, model_id: str) -> bool:
        """Ask whether it has the model ready now; if not, it is looked at anew."""
        try:
            is_ready = await self._client.is_model_ready(model_id, client_timeout=_ASK_SECONDS)
        except InferenceServerException:
            is_ready = False
            self._note(None)
        if not is_ready:
            self.doubt()
        return bool(is_ready)

    def doubt(self) -> None:
        """Look at once: something went wrong."""
        self._good_until = -1.0
        self._doubted.set()

    async def stop(self) -> None:
        """Watch no longer."""
        self._watching.cancel()
        await asyncio.gather(self._watching, return_exceptions=True)
        self._probes.close()

    async def _look_forever(self) -> None:
        interval_seconds = min(_INTERVAL_SECONDS, self._lifetime_seconds)
        while True:
            self._doubted.clear()
            await self._look()
            self._looked.set()
            with suppress(TimeoutError):
                async with asyncio.timeout(interval_seconds):
                    await self._doubted.wait()

    async def _look(self) -> None:
        try:
            async with asyncio.timeout(_LOOK_SECONDS):
                await self._list()
                self._note(await self._working())
        except (InferenceServerException, grpc.aio.AioRpcError, TimeoutError):
            self._note(None)
        except Exception:  # whatever a strange config raises must not end the watch
            _log.exception("triton's models cannot be read", server=self._address)
            self._note(None)

    async def _list(self) -> None:
        """Read what models it has, if that is long ago."""
        now = asyncio.get_running_loop().time()
        if now >= self._good_until or not self.is_reachable:
            self.listed = await models_on(self._client)
            self._good_until = now + self._lifetime_seconds

    async def _working(self) -> Mapping[str, EditModel]:
        found = await self._probes.find(self.listed)
        for model_id, loop in found.items():
            if loop is Loop.DEAD:
                self._on_death(model_id)
        return {name: self.listed[name] for name, loop in found.items() if loop is Loop.WORKS}

    def _note(self, ready: Mapping[str, EditModel] | None) -> None:
        """Remember which models are ready, None = it does not answer; log where that is news."""
        before = (self.is_reachable, set(self.ready))
        self.is_reachable = ready is not None
        self.ready = ready or {}
        if before != (self.is_reachable, set(self.ready)):
            say = _log.info if self.ready else _log.warning
            say("triton seen", server=self._address, ready=sorted(self.ready))
