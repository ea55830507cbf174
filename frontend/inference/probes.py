"""The probes of one server's loops: when each is sent, and what is known meanwhile."""

import asyncio
import time
from collections.abc import Callable, Collection, Mapping
from typing import Final

from tritonclient.grpc.aio import InferenceServerClient

from frontend.inference.probe import SILENCE_SECONDS, Loop, probe

# Where nobody waits, it is soon enough to find a loop dead when it is asked next.
_IDLE_SECONDS: Final = 5.0
# The loop that did not answer may have been replaced since.
_LONGEST_SECONDS: Final = 30.0
_TURNS: Final = 5  # in which silence is listened for


class Probes:
    """Asks loops for a sign of life: those with work or ailing always, the others now and then."""

    def __init__(self, client: InferenceServerClient, has_work: Callable[[str], bool]) -> None:
        """Ask nothing yet.

        Args:
            client: the server's.
            has_work: whether edits wait for a model, by its id.
        """
        self._client = client
        self._has_work = has_work
        self._under_way: dict[str, asyncio.Task[Loop]] = {}  # one of a model at most
        self._asked_at: dict[str, float] = {}
        self._found: dict[str, Loop] = {}

    async def find(self, model_ids: Collection[str]) -> Mapping[str, Loop]:
        """Return how each of these models' loops is; one that keeps silent is dead.

        Raises:
            grpc.aio.AioRpcError: the server cannot be reached.
        """
        for model_id in filter(self._is_due, model_ids):
            self._asked_at[model_id] = time.monotonic()
            self._under_way[model_id] = asyncio.create_task(probe(self._client, model_id))
        await self._listen()
        self._note_silence()
        self._note_answers()
        return {model_id: self._found[model_id] for model_id in model_ids}

    def close(self) -> None:
        """Wait for no answer any more."""
        for task in self._under_way.values():
            task.cancel()

    async def _listen(self) -> None:
        """Wait for answers until silence counts as death.

        In turns, because this process may be the one that does not come to run: then the time of
        one turn is over at once, and the others are left to take in what was answered meanwhile.
        """
        for _ in range(_TURNS):
            if waiting := [task for task in self._under_way.values() if not task.done()]:
                await asyncio.wait(waiting, timeout=SILENCE_SECONDS / _TURNS)

    def _is_due(self, model_id: str) -> bool:
        if model_id in self._under_way:
            return False
        is_well = self._found.get(model_id) is Loop.WORKS
        return not is_well or self._has_work(model_id) or self._age(model_id) >= _IDLE_SECONDS

    def _age(self, model_id: str) -> float:
        """How long ago the model's loop was asked last, in seconds."""
        return time.monotonic() - self._asked_at[model_id]

    def _note_silence(self) -> None:
        for model_id, task in self._under_way.items():
            if not task.done():
                self._found[model_id] = Loop.DEAD
                if self._age(model_id) >= _LONGEST_SECONDS:
                    task.cancel()

    def _note_answers(self) -> None:
        """Take what has been answered; one that was given up says nothing.

        Raises:
            grpc.aio.AioRpcError: the server cannot be reached.
        """
        done = {name: task for name, task in self._under_way.items() if task.done()}
        for model_id in done:
            del self._under_way[model_id]
        answers = {name: task for name, task in done.items() if not task.cancelled()}
        errors = [error for task in answers.values() if (error := task.exception())]
        if errors:
            self._found.clear()
            raise errors[0]
        self._found |= {name: task.result() for name, task in answers.items()}
