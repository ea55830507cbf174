"""What a backend needs to know of an engine."""

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Tensors = Mapping[str, Array]


class Engine(Protocol):
    """A loaded graph."""

    def run(self, inputs: Tensors, output_names: list[str]) -> dict[str, Array]:
        """Compute the named outputs; raises what the engine raises if inputs don't fit."""
        ...


class EngineError(Exception):
    """The engine can't be loaded as its config says; the message is for the operator."""


def signature(inputs: Tensors) -> tuple[tuple[str, tuple[int, ...], np.dtype[Any]], ...]:
    """What requests must share to share a batch: names, dtypes, shapes without the rows."""
    return tuple((name, inputs[name].shape[1:], inputs[name].dtype) for name in sorted(inputs))
