"""Notices when a process of a served Python model has died."""

from tritonclient.grpc.aio import InferenceServerClient
from tritonclient.utils import InferenceServerException

from retouch.server.stubs import Stub, stubs_of

ASK_SECONDS = 5.0


class StubWatch:
    """The stubs of a server; models may be loaded and unloaded meanwhile."""

    def __init__(self, server_pid: int, grpc_address: str) -> None:
        self._server_pid = server_pid
        self._grpc_address = grpc_address
        self._stubs = stubs_of(server_pid)

    @property
    def stubs(self) -> frozenset[Stub]:
        """Those that live, and those that have died while their model was served."""
        return self._stubs

    def look_again(self) -> None:
        """Find the stubs anew: a model has been loaded."""
        self._stubs |= stubs_of(self._server_pid)

    async def is_whole(self) -> bool:
        """Whether each stub lives whose model is served.

        That of a model that is being unloaded ends too, and one that is loaded anew has another.
        """
        ended = [stub for stub in self._stubs if not stub.is_alive]
        if not ended:
            return True
        living = stubs_of(self._server_pid)
        replaced = {(stub.model, stub.version) for stub in living}
        missed = [stub for stub in ended if (stub.model, stub.version) not in replaced]
        dead = {stub for stub in missed if await self._is_served(stub)}
        self._stubs = living | dead
        return not dead

    async def _is_served(self, stub: Stub) -> bool:
        try:
            async with InferenceServerClient(self._grpc_address) as client:
                return bool(
                    await client.is_model_ready(
                        stub.model, stub.version, client_timeout=ASK_SECONDS
                    )
                )
        except InferenceServerException:
            return True  # the server itself has died, or is about to, or hangs
