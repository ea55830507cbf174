"""What one Triton server can do now."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

import structlog
from tritonclient.grpc import InferenceServerException
from tritonclient.grpc.aio import InferenceServerClient

from frontend.inference.catalogue import models_on
from frontend.inference.models import EditModel

_INTERVAL_SECONDS: Final = 1.0
_LOOK_SECONDS: Final = 5.0
_ASK_SECONDS: Final = 2.0
_PING_SECONDS: Final = 0.5

_log = structlog.get_logger(__name__)


class Watch:
    """Keeps an eye on a server: which models it has is known before anybody asks.

    Attributes:
        models: its ready models by id, as they were when it answered last.
        is_reachable: whether it answered when it was asked last.
    """

    def __init__(
        self, client: InferenceServerClient, address: str, lifetime_seconds: float
    ) -> None:
        """Begin; must be called in a running event loop.

        Args:
            client: the server's.
            address: the server's, for the log.
            lifetime_seconds: how long the list of its models is trusted, if all are ready.
        """
        self._client = client
        self._address = address
        self._lifetime_seconds = lifetime_seconds
        self._good_until = -1.0
        self._looked = asyncio.Event()
        self._doubted = asyncio.Event()
        self._watching = asyncio.create_task(self._look_forever())
        self.models: Mapping[str, EditModel] = {}
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
            is_ready = await self._has(model_id)
        except InferenceServerException:
            self.is_reachable = is_ready = False
        if not is_ready:
            self.doubt()
        return is_ready

    def doubt(self) -> None:
        """Look at once: something went wrong."""
        self._good_until = -1.0
        self._doubted.set()

    async def stop(self) -> None:
        """Watch no longer."""
        self._watching.cancel()
        await asyncio.gather(self._watching, return_exceptions=True)

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
        found = None
        try:
            async with asyncio.timeout(_LOOK_SECONDS):
                found = await self._ready_models()
        except (InferenceServerException, TimeoutError):
            pass
        except Exception:  # whatever a strange config raises must not end the watch
            _log.exception("triton's models cannot be read", server=self._address)
        self._take_note(found)

    async def _ready_models(self) -> Mapping[str, EditModel]:
        now = asyncio.get_running_loop().time()
        if self.is_reachable and now < self._good_until:
            return {name: model for name, model in self.models.items() if await self._has(name)}
        found = await models_on(self._client)
        self._good_until = now + self._lifetime_seconds
        return found

    async def _has(self, model_id: str) -> bool:
        return bool(await self._client.is_model_ready(model_id, client_timeout=_ASK_SECONDS))

    def _take_note(self, found: Mapping[str, EditModel] | None) -> None:
        """Remember what was found, and log where that is news."""
        before = set(self.models) if self.is_reachable else None
        self.is_reachable = found is not None
        if found is not None:
            self.models = found
        if (set(found) if found is not None else None) != before:
            say = _log.info if found else _log.warning
            say("triton seen", server=self._address, models=found and sorted(found))
