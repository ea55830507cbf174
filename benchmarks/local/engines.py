"""A checkpoint's networks as the denoise loop calls them."""

from collections.abc import Mapping
from threading import Lock

import numpy as np

from export.contracts import Role
from export.staged_encoders import StagedEncoders
from export.staged_models import StagedModels
from retouch.backends.engine import Array, Engine, Tensors
from retouch.denoise import PixelArray, UNetOutputs, UNetRows
from retouch.schedulers import FloatArray


class LocalEngines:
    """See `retouch.denoise.Engines`; for checkpoints without pooled embeddings or kept features."""

    def __init__(self, models: StagedModels, engines: Mapping[Role, Engine]) -> None:
        """Takes loaded engines.

        Args:
            models: whose tokenizer and configs are read.
            engines: one for each of the roles that are graphs.
        """
        self._engines = {role: OneCallAtATime(engine) for role, engine in engines.items()}
        encoders = StagedEncoders(
            models, self._engines[Role.TEXT_ENCODER], self._engines[Role.VAE_ENCODER]
        )
        self.encode = encoders.encode
        self.encode_image = encoders.encode_image

    def unet(self, rows: UNetRows) -> UNetOutputs:
        """See `Engines.unet`."""
        named = {name.upper(): array for name, array in rows._asdict().items()}
        inputs = {name: array for name, array in named.items() if array is not None}
        return UNetOutputs(self._run(Role.UNET, inputs, "PREDICTION"))

    def decode(self, latents: FloatArray) -> PixelArray:
        """See `Engines.decode`."""
        return self._run(Role.VAE_DECODER, {"LATENTS": latents}, "IMAGE")

    def _run(self, role: Role, inputs: Tensors, output: str) -> Array:
        return self._engines[role].run(inputs, [output])[output]


class OneCallAtATime:
    """An engine as Triton calls it: one call after the other, with contiguous tensors."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()

    def run(self, inputs: Tensors, output_names: list[str]) -> dict[str, Array]:
        """See `Engine.run`."""
        contiguous = {name: np.ascontiguousarray(array) for name, array in inputs.items()}
        with self._lock:
            return self._engine.run(contiguous, output_names)
