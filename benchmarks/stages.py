"""Where the time of a load went, by the product's own metrics."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import mean
from typing import Final, Self

from benchmarks.counters import Counts, difference, loop_counts, stage_seconds
from benchmarks.load import Work, measure
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
    def of(cls, measurement: Measurement, frontend: Counts, loop: Counts) -> Self:
        """Of a load and of what was counted meanwhile, seconds of all edits together."""
        edits = len(measurement.latencies)
        edit = {stage: seconds / edits for stage, seconds in frontend.items()}
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


async def measure_stages(
    product: Product, work: Work, concurrency: int
) -> tuple[Measurement, Stages]:
    """Run a closed load once, and see where its time went."""
    loop, frontend = await loop_counts(product, work.model), await stage_seconds(product)
    measurement = await measure(product, work, concurrency)
    frontend = difference(await stage_seconds(product), frontend)
    loop = difference(await loop_counts(product, work.model), loop)
    return measurement, Stages.of(measurement, frontend, loop)
