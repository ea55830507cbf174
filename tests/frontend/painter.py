"""A stand-in at the Triton seam: paints known pixels, and can be told to wait or to fail."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from frontend.inference.models import Answer, Denoised, EditModel, Estimate, Progress, WindowEdit

# Of each, two edits of one image run at once: the one that its loop takes, and one ahead.
OTHER = EditModel(
    "other-1.5",
    resolution=96,
    latent_factor=8,
    max_rows=1,
    steps=2,
    guidance=1.0,
    strength=1.0,
)
MINI = replace(OTHER, id="retouch-mini", resolution=64, created=1_760_000_000)


def painted(edit: WindowEdit, index: int) -> NDArray[np.uint8]:
    """A noisy picture that depends on the prompt and the image's seed alone."""
    random = np.random.default_rng([edit.seeds[index], *edit.prompt.encode()])
    return random.integers(0, 256, edit.image.shape, dtype=np.uint8)


def estimated(edit: WindowEdit, index: int, number: int) -> NDArray[np.uint8]:
    """What preview `number` of an image shows."""
    return painted(edit, index) // np.uint8(2) + np.uint8(number)


class Painter:
    """`EditModels` without models."""

    def __init__(self) -> None:
        self.served: dict[str, EditModel] = {model.id: model for model in (MINI, OTHER)}
        self.edits: list[WindowEdit] = []
        self.running = 0
        self.cancelled = 0
        self.may_finish = asyncio.Event()
        self.may_finish.set()
        self.step_seconds = 0.0
        self.may_complete = asyncio.Event()  # waited for when the previews are sent
        self.may_complete.set()
        self.failure: Exception | None = None
        self.breaks: Exception | None = None  # after the first image's previews

    async def ping(self) -> None:
        if self.failure is not None:
            raise self.failure

    async def catalogue(self) -> Mapping[str, EditModel]:
        if self.failure is not None:
            raise self.failure
        return self.served

    async def text_tokens(self, model: EditModel, prompt: str, negative_prompt: str) -> int:
        assert model.id in self.served
        return len(prompt.split()) + len(negative_prompt.split())

    async def edit(
        self, model: EditModel, edit: WindowEdit, timeout_seconds: float
    ) -> AsyncGenerator[Answer, None]:
        assert model.id in self.served
        assert timeout_seconds > 0
        self.edits.append(edit)
        self.running += 1
        try:
            await self.may_finish.wait()
            for index in reversed(range(len(edit.seeds))):  # any order is allowed
                for number in range(edit.previews):
                    await asyncio.sleep(self.step_seconds)
                    yield Estimate(index, estimated(edit, index, number))
                for step in range(1, model.steps + 1 if edit.progress else 0):
                    yield Progress(index, step, model.steps)
                await self.may_complete.wait()
                await asyncio.sleep(self.step_seconds)
                if self.breaks is not None:
                    raise self.breaks
                yield Denoised(index, painted(edit, index))
        except (asyncio.CancelledError, GeneratorExit):
            self.cancelled += 1
            raise
        finally:
            self.running -= 1

    async def close(self) -> None:
        pass
