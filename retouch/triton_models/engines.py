"""The networks of a checkpoint, called on the same Triton server (business logic scripting)."""

from __future__ import annotations  # Triton's module lacks some of its types at run time

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import triton_python_backend_utils as pb_utils

from retouch.denoise import Encoded, PixelArray, UNetOutputs, UNetRows
from retouch.schedulers import FloatArray

Arrays = Mapping[str, npt.NDArray[Any]]


class EngineError(RuntimeError):
    """A model that the loop calls has failed."""

    def __init__(self, model_name: str, message: str) -> None:
        super().__init__(f"{model_name}: {message}")


class TritonEngines:
    """The models `<parts>.encode`, `<parts>.vae_encoder`, `<parts>.unet` and `<parts>.vae_decoder`.

    `<parts>.unet_shallow` too where features are kept; the one of Stable Diffusion XL, whose
    outermost layer does not attend, takes no embeddings.

    Every method raises `EngineError` with the model's own message.
    """

    def __init__(
        self, parts: str, *, added_conditioning: bool, keeps_features: bool = False
    ) -> None:
        """Calls nothing yet.

        Args:
            parts: what the names of the models begin with.
            added_conditioning: the text encoder has a pooled output.
            keeps_features: the UNet gives its features.
        """
        self._parts = parts
        self._unet_outputs = ["PREDICTION", "FEATURES"] if keeps_features else ["PREDICTION"]
        self._encode_outputs = ["EMBEDDINGS", "LATENTS"]
        if added_conditioning:
            self._encode_outputs.append("POOLED")

    def encode(
        self, image: PixelArray, mask: PixelArray, prompt: str, negative_prompt: str
    ) -> Encoded:
        """See `Engines.encode`."""
        inputs = {
            "IMAGE": image[None],
            "MASK": mask[None],
            "PROMPT": _text(prompt),
            "NEGATIVE_PROMPT": _text(negative_prompt),
        }
        outputs = _call(f"{self._parts}.encode", inputs, self._encode_outputs)
        return Encoded(outputs["EMBEDDINGS"], outputs["LATENTS"][0], outputs.get("POOLED"))

    def encode_image(self, image: PixelArray, mask: PixelArray) -> FloatArray:
        """See `Engines.encode_image`."""
        inputs = {"IMAGE": image[None], "MASK": mask[None]}
        outputs = _call(f"{self._parts}.vae_encoder", inputs, ["LATENTS"])
        latents: FloatArray = outputs["LATENTS"][0]
        return latents

    def unet(self, rows: UNetRows) -> UNetOutputs:
        """See `Engines.unet`."""
        named = {name.upper(): array for name, array in rows._asdict().items()}
        inputs = {name: array for name, array in named.items() if array is not None}
        if rows.features is None:
            outputs = _call(f"{self._parts}.unet", inputs, self._unet_outputs)
            return UNetOutputs(outputs["PREDICTION"], outputs.get("FEATURES"))
        if rows.pooled is not None:
            del inputs["EMBEDDINGS"]
        outputs = _call(f"{self._parts}.unet_shallow", inputs, ["PREDICTION"])
        return UNetOutputs(outputs["PREDICTION"])

    def decode(self, latents: FloatArray) -> PixelArray:
        """See `Engines.decode`."""
        inputs = {"LATENTS": latents}
        images: PixelArray = _call(f"{self._parts}.vae_decoder", inputs, ["IMAGE"])["IMAGE"]
        return images


def _text(text: str) -> npt.NDArray[np.object_]:
    return np.array([text.encode()], np.object_)


def _call(model_name: str, inputs: Arrays, output_names: Sequence[str]) -> Arrays:
    """Calls a model and waits; its outputs come to the host's memory."""
    request = pb_utils.InferenceRequest(
        model_name=model_name,
        requested_output_names=output_names,
        inputs=[
            pb_utils.Tensor(name, np.ascontiguousarray(array)) for name, array in inputs.items()
        ],
        preferred_memory=pb_utils.PreferredMemory(pb_utils.TRITONSERVER_MEMORY_CPU),
    )
    response = request.exec()
    if response.has_error():
        raise EngineError(model_name, response.error().message())
    return {tensor.name(): tensor.as_numpy() for tensor in response.output_tensors()}
