"""What cannot be saved: the networks' own time, measured without Triton, loop or client."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.parts.engine_inputs import EngineInputs
from benchmarks.parts.engines import load_engine

ROWS_OF_AN_IMAGE: Final = 2  # guided ones
_CALLS: Final = 3


@dataclass(frozen=True)
class Floor:
    """Seconds of the engines alone. Prompts are left out: they cost a hundredth of an edit.

    Attributes:
        unet: of a UNet call with the rows of all edits.
        encode: of a window.
        decode: of a picture.
    """

    unet: float
    encode: float
    decode: float

    def of_all(self, edits: int, steps: int) -> float:
        """Until all edits are painted that share every step."""
        return steps * self.unet + edits * (self.encode + self.decode)

    def of_first(self, edits: int, steps: int) -> float:
        """Until the first of them is, under perfect sharing: all begin together."""
        return steps * self.unet + edits * self.encode + self.decode


class EnginesAlone:
    """A model's graphs in this process, in the backends' own classes."""

    def __init__(self, repository: Path, model: str, edits: int) -> None:
        """Load the graphs.

        Args:
            repository: the model repository.
            model: its public name.
            edits: guided ones that share a call.
        """
        inputs = EngineInputs.of(
            repository, model, load_engine(repository, f"{model}.text_encoder")
        )
        sizes = {"vae_encoder": 1, "unet": ROWS_OF_AN_IMAGE * edits, "vae_decoder": 1}
        self._calls: dict[str, Callable[[], object]] = {}
        for role, rows in sizes.items():
            engine, outputs = load_engine(repository, f"{model}.{role}")
            tensors = inputs.tensors(role, rows)
            self._calls[role] = partial(engine.run, tensors, outputs)
            self._calls[role]()  # the first call of a batch size is slow

    def measure(self) -> Floor:
        """Medians of a few calls."""
        return Floor(
            unet=_seconds(self._calls["unet"]),
            encode=_seconds(self._calls["vae_encoder"]),
            decode=_seconds(self._calls["vae_decoder"]),
        )


def _seconds(call: Callable[[], object]) -> float:
    times = []
    for _ in range(_CALLS):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return median(times)
