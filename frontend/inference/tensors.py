"""Edits and answers <-> the tensors that the public model's `config.pbtxt` declares."""

from collections.abc import AsyncIterator, Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from tritonclient.grpc import InferInput, InferResult

from frontend.inference.models import Answer, Denoised, Estimate, Progress, WindowEdit

_TRITON_TYPES: Final = {
    "b1": "BOOL",
    "u1": "UINT8",
    "i4": "INT32",
    "i8": "INT64",
    "f4": "FP32",
    "O": "BYTES",
}


async def request_of(model_id: str, edit: WindowEdit) -> AsyncIterator[dict[str, Any]]:
    """Yield the one request of an edit; what this leaves open is left to the model's defaults."""
    inputs = [_input(name, array) for name, array in _arrays(edit)]
    yield {"model_name": model_id, "inputs": inputs}


def prompt_inputs(prompt: str, negative_prompt: str) -> list[InferInput]:
    """Return the tensors of the tokenizer's request."""
    texts = {"PROMPT": prompt, "NEGATIVE_PROMPT": negative_prompt}
    return [_input(name, _text(text)) for name, text in texts.items()]


def answer_of(result: InferResult) -> Answer:
    """Return what a response says of one image."""
    index, step, steps = (_scalar(result, name) for name in ("INDEX", "STEP", "STEPS"))
    image = result.as_numpy("IMAGE")
    if image is None or image.size == 0:
        return Progress(index, step, steps)
    return Estimate(index, image) if step < steps else Denoised(index, image)


def _arrays(edit: WindowEdit) -> Iterator[tuple[str, NDArray[Any]]]:
    yield "IMAGE", edit.image
    yield "MASK", edit.mask
    yield "PROMPT", _text(edit.prompt)
    yield "SEED", np.array(edit.seeds, np.int64)
    if edit.negative_prompt is not None:
        yield "NEGATIVE_PROMPT", _text(edit.negative_prompt)
    if edit.steps is not None:
        yield "STEPS", np.array([edit.steps], np.int32)
    if edit.guidance is not None:
        yield "GUIDANCE", np.array([edit.guidance], np.float32)
    if edit.strength is not None:
        yield "STRENGTH", np.array([edit.strength], np.float32)
    if edit.previews:
        yield "PREVIEWS", np.array([edit.previews], np.int32)
    if edit.progress:
        yield "PROGRESS", np.array([True])


def _text(text: str) -> NDArray[np.object_]:
    return np.array([text.encode()], np.object_)


def _input(name: str, array: NDArray[Any]) -> InferInput:
    kind = _TRITON_TYPES[array.dtype.str.lstrip("|<")]
    return InferInput(name, list(array.shape), kind).set_data_from_numpy(array)


def _scalar(result: InferResult, name: str) -> int:
    return int(result.as_numpy(name)[0])
