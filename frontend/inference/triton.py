"""Models on Triton servers, over gRPC."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing

from frontend.errors.service import UnavailableError
from frontend.inference.addresses import Target
from frontend.inference.models import Answer, EditModel, WindowEdit
from frontend.inference.replicas import Replicas


class TritonModels:
    """`EditModels` on one Triton server or several.

    An edit goes to the least busy server that has just said that it has the model ready. One that
    does not say so was sent nothing of the edit, so the next is asked. Once sent, an edit is never
    sent again: its server may have begun it.
    """

    def __init__(self, targets: Sequence[Target], *, catalogue_lifetime_seconds: float) -> None:
        """Prepare the connections; must be called in a running event loop.

        Args:
            targets: the servers.
            catalogue_lifetime_seconds: how long the servers' names and models are trusted.
        """
        self._replicas = Replicas(targets, catalogue_lifetime_seconds)

    async def ping(self) -> None:
        """Ask whether a server runs now, and not a moment ago."""
        if not await self._replicas.is_any_alive():
            raise UnavailableError

    async def catalogue(self) -> Mapping[str, EditModel]:
        """Return the models by id."""
        await self._replicas.looked()
        models = self._replicas.catalogue
        if models is None:
            raise UnavailableError
        return models

    async def text_tokens(self, model: EditModel, prompt: str, negative_prompt: str) -> int:
        """Count both prompts' tokens as the model's own tokenizer does, markers left out.

        Counting twice does no harm, so a server that breaks while it counts is passed over.
        """
        await self._replicas.looked()
        for replica in self._replicas.least_busy_first(model):
            try:
                return await replica.text_tokens(model, prompt, negative_prompt)
            except UnavailableError:
                replica.watch.doubt()
        raise UnavailableError

    async def edit(
        self, model: EditModel, edit: WindowEdit, timeout_seconds: float
    ) -> AsyncGenerator[Answer, None]:
        """Paint `edit`, yielding what happens to each image and at last the finished one."""
        await self._replicas.looked()
        for replica in self._replicas.least_busy_first(model):
            with replica.assigned(model, edit) as assignment:
                if not await replica.watch.is_ready(model.id):
                    continue
                async with aclosing(replica.answers(assignment, timeout_seconds)) as answers:
                    async for answer in answers:
                        yield answer
                return
        raise UnavailableError

    async def close(self) -> None:
        """Close the connections."""
        await self._replicas.close()
