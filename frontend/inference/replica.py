"""One Triton server of several: what it has to do, and how it is asked."""

import asyncio
import random
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from typing import Final

from tritonclient.grpc import InferRequestedOutput

from frontend.errors.foreign import TRITON_ERRORS, translating
from frontend.inference.assignment import Assignment
from frontend.inference.connection import connect
from frontend.inference.models import Answer, EditModel, WindowEdit
from frontend.inference.tensors import prompt_inputs
from frontend.inference.watch import Watch
from frontend.telemetry.dependency import Dependency

_TOKENIZER_SECONDS: Final = 10.0


class Replica:
    """A server, watched, with the edits that are at it."""

    def __init__(self, address: str, lifetime_seconds: float) -> None:
        """Connect; must be called in a running event loop.

        Args:
            address: `host:port`.
            lifetime_seconds: how long the list of its models is trusted.
        """
        self._client = connect(address)
        self.watch = Watch(self._client, address, lifetime_seconds, self._has_work, self._lose)
        self._assignments: set[Assignment] = set()
        self._is_idle = asyncio.Event()
        self._is_idle.set()

    def can_take(self, model: EditModel) -> bool:
        """Whether it has the model ready, for windows that were made for `model`."""
        own = self.watch.ready.get(model.id)
        return own is not None and own.window == model.window

    def load(self, model: EditModel) -> tuple[float, int, float]:
        """How busy it is, for comparison: with the model, with everything, and then by lot.

        The lot keeps several frontends from choosing the same one of idle servers.
        """
        rows = sum(work.rows for work in self._assignments if work.model_id == model.id)
        everything = sum(work.rows for work in self._assignments)
        max_rows = self.watch.ready[model.id].max_rows
        return rows / max_rows, everything, random.random()  # noqa: S311

    @contextmanager
    def assigned(self, model: EditModel, edit: WindowEdit) -> Iterator[Assignment]:
        """Count an edit as the server's."""
        assignment = Assignment(model, edit)
        self._assignments.add(assignment)
        self._is_idle.clear()
        try:
            yield assignment
        finally:
            self._assignments.remove(assignment)
            if not self._assignments:
                self._is_idle.set()

    async def answers(
        self, assignment: Assignment, timeout_seconds: float
    ) -> AsyncGenerator[Answer, None]:
        """Let the server carry out an edit; for the errors see `EditModels.edit`."""
        try:
            async with aclosing(assignment.answers(self._client, timeout_seconds)) as answers:
                async for answer in answers:
                    yield answer
        except Exception:
            self.watch.doubt()
            raise

    async def text_tokens(self, model: EditModel, prompt: str, negative_prompt: str) -> int:
        """Count the prompts' tokens; see `EditModels.text_tokens`."""
        with translating(TRITON_ERRORS, Dependency.TRITON):
            result = await self._client.infer(
                model.tokenizer,
                prompt_inputs(prompt, negative_prompt),
                outputs=[InferRequestedOutput("TOKENS")],
                client_timeout=_TOKENIZER_SECONDS,
            )
        return int(result.as_numpy("TOKENS").sum())

    async def retire(self) -> None:
        """Close the connection when the last edit has ended, or if this is cancelled."""
        try:
            await self._is_idle.wait()
        finally:
            await self.close()

    async def close(self) -> None:
        """Close the connection, whatever is under way."""
        await self.watch.stop()
        await self._client.close()

    def _has_work(self, model_id: str) -> bool:
        return any(assignment.model_id == model_id for assignment in self._assignments)

    def _lose(self, model_id: str) -> None:
        """A model's loop is dead, and with it the edits that it had."""
        for assignment in self._assignments:
            if assignment.model_id == model_id:
                assignment.lose()
