"""Notices when a server that runs answers no stream any more, and so can carry out no edit."""

import asyncio
from collections.abc import Collection
from typing import Final

import grpc
import structlog
from tritonclient.grpc import InferenceServerException

from frontend.inference.catalogue import models_on
from frontend.inference.connection import connect
from frontend.inference.probe import Loop
from frontend.inference.probes import Probes

LOOK_SECONDS: Final = 5.0
# Looks and not seconds, so that a time in which we ourselves could not run counts as one look.
MOST_SILENT_LOOKS: Final = 3
_SERVER: Final = "tritonserver"

_log = structlog.get_logger(__name__)


class StreamWatch:
    """Asks the loop of each model now and then, as the frontend does, and is more patient.

    A loop that works answers at once, however long a step of its UNet takes and whatever is being
    loaded: its engines are other processes. One that has not answered for three looks will not.
    """

    def __init__(self, grpc_address: str) -> None:
        """Ask nothing yet; must be called in a running event loop."""
        self._client = connect(grpc_address)
        self._probes = Probes(self._client, has_work=lambda _: True)
        self._silent_looks: dict[str, int] = {}  # of the models' loops, and of the server
        self._watching = asyncio.create_task(self._look_forever())

    @property
    def is_answered(self) -> bool:
        """Whether the server may still be able to carry out edits."""
        return max(self._silent_looks.values(), default=0) < MOST_SILENT_LOOKS

    async def close(self) -> None:
        """Watch no longer."""
        self._watching.cancel()
        await asyncio.gather(self._watching, return_exceptions=True)
        self._probes.close()
        await self._client.close()

    async def _look_forever(self) -> None:
        """Look until something has been silent for too long."""
        while self.is_answered:
            await asyncio.sleep(LOOK_SECONDS)
            silent = await self._silent()
            self._silent_looks = {name: self._silent_looks.get(name, 0) + 1 for name in silent}
        _log.error("triton answers no stream", silent=sorted(self._silent_looks))

    async def _silent(self) -> Collection[str]:
        """Who does not answer now."""
        try:
            found = await self._probes.find(await models_on(self._client))
        except (InferenceServerException, grpc.aio.AioRpcError):
            return [_SERVER]
        except Exception:  # a strange config, which the frontend logs, is no reason to end a server
            return []
        return [name for name, loop in found.items() if loop is Loop.DEAD]
