"""A model that takes no time, so that what is measured is the frontend alone."""

from collections.abc import AsyncGenerator, Mapping
from typing import Final

import numpy as np

from frontend.inference.models import Answer, Denoised, EditModel, WindowEdit

MODEL_ID: Final = "instant"
_DRIFT: Final = np.uint8(3)  # of colours, as an autoencoder's


class InstantModel:
    """`EditModels` whose only model gives windows back a little darker."""

    def __init__(self, resolution: int) -> None:
        self._model = EditModel(
            MODEL_ID,
            resolution=resolution,
            latent_factor=8,
            max_rows=16,
            steps=20,
            guidance=7.5,
            strength=1.0,
        )

    async def ping(self) -> None:
        """It is always there."""

    async def catalogue(self) -> Mapping[str, EditModel]:
        """Return its only model."""
        return {MODEL_ID: self._model}

    async def text_tokens(self, model: EditModel, prompt: str, negative_prompt: str) -> int:  # noqa: ARG002
        """Count words."""
        return len(prompt.split()) + len(negative_prompt.split())

    async def edit(
        self,
        model: EditModel,  # noqa: ARG002
        edit: WindowEdit,
        timeout_seconds: float,  # noqa: ARG002
    ) -> AsyncGenerator[Answer, None]:
        """Give the window back, once for each seed."""
        for index in range(len(edit.seeds)):
            yield Denoised(index, np.maximum(edit.image, _DRIFT) - _DRIFT)

    async def close(self) -> None:
        """There is nothing to close."""
