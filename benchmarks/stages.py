"""Where the time of a load went, by the product's own metrics."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import mean
from typing import Final, Self

from benchmarks.counters import Counts, difference, loop_counts, stage_seconds
from benchmarks.measurement import Measurement
from tests.e2e.product import Product

REST: Final = "rest"
UNET: Final = "unet"


@dataclass(frozen=True)
class Stages:
    """Mean seconds.

    Attributes:
        edit: of each stage of an edit, in their order; `rest` is what the client waited beside
            them: HTTP, the form, the answer.
        image: of the work for an image: `unet`, the `loop` around it, the encoders (`encode`) and
            the decoder (`decode`). Shared calls are shared out, so this is what an image costs.
    """

    edit: Mapping[str, float]
    image: Mapping[str, float]

    @classmethod
    def of(cls, measurement: Measurement, before: "Snapshot", after: "Snapshot") -> Self:
        """Of a load, and of what was counted until its begin and until its end."""
        edits = len(measurement.latencies)
        waited = difference(after.frontend, before.frontend)
        edit = {stage: seconds / edits for stage, seconds in waited.items()}
        loop = difference(after.loop, before.loop)
        seconds = {
            UNET: loop["unet_seconds"],
            "loop": loop["busy_seconds"] - loop["unet_seconds"],
            "encode": loop["encode_seconds"],
            "decode": loop["decode_seconds"],
        }
        return cls(
            edit | {REST: max(0.0, mean(measurement.latencies) - sum(edit.values()))},
            {name: each / measurement.images for name, each in seconds.items()},
        )


@dataclass(frozen=True)
class Snapshot:
    """What a product has counted until now: seconds of all edits together.

    Attributes:
        frontend: of each stage.
        loop: of the model's loop.
    """

    frontend: Counts
    loop: Counts

    @classmethod
    async def of(cls, product: Product, model: str) -> Self:
        """Read both metrics pages of a product that has nothing to do."""
        return cls(loop=await loop_counts(product, model), frontend=await stage_seconds(product))
