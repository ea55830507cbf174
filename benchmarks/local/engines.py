"""A checkpoint's networks as the denoise loop calls them."""

from collections.abc import Mapping
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from export.contracts import Role
from retouch.backends.engine import Engine
from retouch.denoise import Encoded, PixelArray, UNetOutputs, UNetRows
from retouch.prompts import PromptTokenizer
from retouch.schedulers import FloatArray

Array = npt.NDArray[Any]


class LocalEngines:
    """See `retouch.denoise.Engines`; for checkpoints without pooled embeddings or kept features.

    An engine gets one call at a time, as from Triton.
    """

    def __init__(
        self, tokenizer: PromptTokenizer, pad_token_id: int, engines: Mapping[Role, Engine]
    ) -> None:
        """Takes loaded engines.

        Args:
            tokenizer: the checkpoint's.
            pad_token_id: what it fills prompts up with.
            engines: one for each of the roles that are graphs.
        """
        self._tokenizer = tokenizer
        self._pad_token_id = pad_token_id
        self._engines = engines
        self._locks = {role: Lock() for role in engines}

    def encode(
        self, image: PixelArray, mask: PixelArray, prompt: str, negative_prompt: str
    ) -> Encoded:
        """See `Engines.encode`."""
        (ids,) = self._tokenizer.encode(negative_prompt, prompt, (self._pad_token_id,))
        embeddings = self._run(Role.TEXT_ENCODER, "EMBEDDINGS", INPUT_IDS=ids)
        return Encoded(embeddings, self.encode_image(image, mask))

    def encode_image(self, image: PixelArray, mask: PixelArray) -> FloatArray:
        """See `Engines.encode_image`."""
        inputs = {"IMAGE": image[None], "MASK": mask[None]}
        latents: FloatArray = self._run(Role.VAE_ENCODER, "LATENTS", **inputs)[0]
        return latents

    def unet(self, rows: UNetRows) -> UNetOutputs:
        """See `Engines.unet`."""
        named = {name.upper(): array for name, array in rows._asdict().items()}
        inputs = {name: array for name, array in named.items() if array is not None}
        return UNetOutputs(self._run(Role.UNET, "PREDICTION", **inputs))

    def decode(self, latents: FloatArray) -> PixelArray:
        """See `Engines.decode`."""
        return self._run(Role.VAE_DECODER, "IMAGE", LATENTS=latents)

    def _run(self, role: Role, output: str, **inputs: Array) -> Array:
        contiguous = {name: np.ascontiguousarray(array) for name, array in inputs.items()}
        with self._locks[role]:
            return self._engines[role].run(contiguous, [output])[output]
