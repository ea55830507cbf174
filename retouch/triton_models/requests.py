"""Request tensors -> an edit."""

from __future__ import annotations  # Triton's module lacks some of its types at run time

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import triton_python_backend_utils as pb_utils

from retouch.denoise import Edit, PixelArray
from retouch.parameters import Parameters

MAX_STEPS = 1000
MAX_SEEDS = 1024


class InvalidRequestError(ValueError):
    """A request's tensors do not make an edit; the message is for the client."""


@dataclass(frozen=True)
class Defaults:
    """What the optional inputs are when a request leaves them out."""

    steps: int
    guidance: float
    strength: float

    @classmethod
    def from_parameters(cls, parameters: Parameters) -> Defaults:
        """Those of a model's configuration.

        Raises:
            ValueError: one is missing or malformed.
        """
        return cls(
            steps=parameters.integer("steps"),
            guidance=parameters.number("guidance"),
            strength=parameters.number("strength"),
        )


def is_probe(request: pb_utils.InferenceRequest) -> bool:
    """Whether a request has no seeds: it asks for a sign of life, and may leave out all else."""
    seeds = _array(request, "SEED")
    return seeds is not None and seeds.size == 0


def parse_edit(request: pb_utils.InferenceRequest, resolution: int, defaults: Defaults) -> Edit:
    """The edit that a request asks for.

    Args:
        request: with the inputs that the public model's `config.pbtxt` declares.
        resolution: the window's side in pixels.
        defaults: for inputs that were left out.

    Raises:
        InvalidRequestError: an input is out of its range.
    """
    return Edit(
        image=_pixels(request, "IMAGE", (resolution, resolution, 3)),
        mask=_pixels(request, "MASK", (resolution, resolution)),
        prompt=_text(request, "PROMPT"),
        negative_prompt=_text(request, "NEGATIVE_PROMPT"),
        seeds=_seeds(request),
        steps=_whole(request, "STEPS", defaults.steps, 1),
        guidance=_guidance(request, defaults.guidance),
        strength=_strength(request, defaults.strength),
        previews=_whole(request, "PREVIEWS", 0, 0),
        progress=bool(_scalar(request, "PROGRESS", default=False)),
    )


def _array(request: pb_utils.InferenceRequest, name: str) -> npt.NDArray[Any] | None:
    """An input, or None where it was left out."""
    tensor = pb_utils.get_input_tensor_by_name(request, name)
    return None if tensor is None else tensor.as_numpy()


def _pixels(request: pb_utils.InferenceRequest, name: str, shape: tuple[int, ...]) -> PixelArray:
    """A copy, because the edit outlives the request's tensors."""
    array = _array(request, name)
    if array is None or array.shape != shape:
        found = "missing" if array is None else f"of shape {list(array.shape)}"
        raise InvalidRequestError(f"{name} must be of shape {list(shape)} and is {found}")
    return np.array(array, np.uint8)


def _text(request: pb_utils.InferenceRequest, name: str) -> str:
    """A UTF-8 string; the empty one where it was left out."""
    value = _scalar(request, name, b"")
    try:
        return value.decode() if isinstance(value, bytes) else str(value)
    except UnicodeDecodeError:
        raise InvalidRequestError(f"{name} must be UTF-8") from None


def _seeds(request: pb_utils.InferenceRequest) -> tuple[int, ...]:
    array = _array(request, "SEED")
    if array is None or not 1 <= array.size <= MAX_SEEDS:
        raise InvalidRequestError(f"SEED must have 1 to {MAX_SEEDS} elements, one for each image")
    return tuple(array.ravel().tolist())


def _scalar(request: pb_utils.InferenceRequest, name: str, default: object) -> Any:
    """The only element of an input, of the input's type."""
    array = _array(request, name)
    if array is None:
        return default
    if array.size != 1:
        raise InvalidRequestError(f"{name} must have 1 element and has {array.size}")
    return array.item()


def _whole(request: pb_utils.InferenceRequest, name: str, default: int, least: int) -> int:
    value = int(_scalar(request, name, default))
    if not least <= value <= MAX_STEPS:
        raise InvalidRequestError(f"{name} must be {least} to {MAX_STEPS} and is {value}")
    return value


def _guidance(request: pb_utils.InferenceRequest, default: float) -> float:
    value = float(_scalar(request, "GUIDANCE", default))
    if not math.isfinite(value):
        raise InvalidRequestError(f"GUIDANCE must be a finite number and is {value}")
    return value


def _strength(request: pb_utils.InferenceRequest, default: float) -> float:
    value = float(_scalar(request, "STRENGTH", default))
    if not 0 < value <= 1:
        raise InvalidRequestError(f"STRENGTH must be above 0 and at most 1 and is {value}")
    return value
