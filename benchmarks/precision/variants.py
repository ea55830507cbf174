"""What is compared: each engine and precision that this machine has, and options of an export."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from export.default_engine import cpu_has_bf16
from export.request import DEVICES, PRECISIONS, Device, Engine, Precision
from retouch.denoise import Model

# What they change in the model's numbers.
OPTIONS: Mapping[str, Callable[[Model], Model]] = {
    "guided throughout": lambda model: replace(model, guidance_end=1)
}


@dataclass(frozen=True)
class Variant:
    """One way to serve a checkpoint.

    Attributes:
        engine: what runs the graphs.
        precision: what they compute in.
        option: a name of `OPTIONS`, or "".
    """

    engine: Engine
    precision: Precision
    option: str = ""

    @property
    def name(self) -> str:
        """As people read it."""
        return " ".join(filter(None, (self.engine, self.precision, self.option)))

    def of(self, model: Model) -> Model:
        """The model with the option."""
        return OPTIONS[self.option](model) if self.option else model


def variants() -> Iterator[Variant]:
    """Those that this machine computes as they are meant, without a GPU."""
    for engine, precisions in PRECISIONS.items():
        if Device.CPU in DEVICES[engine]:
            for precision in precisions:
                if precision is not Precision.BF16 or cpu_has_bf16():
                    yield Variant(engine, precision)
    for option in OPTIONS:
        yield Variant(Engine.ONNXRUNTIME, Precision.FP32, option)
