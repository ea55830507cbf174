"""What the denoise loop needs beside the UNet, as the product itself counts it."""

from dataclasses import dataclass
from typing import Final, Self

import tritonclient.grpc.aio as triton_grpc

from benchmarks.counters import Counts, difference, loop_counts
from tests.e2e.product import Product

_NANOSECONDS: Final = 1e-9


@dataclass(frozen=True)
class LoopTime:
    """Of all ticks of a load.

    Attributes:
        ticks: UNet calls.
        images: in all of them together.
        busy: seconds of the denoise thread, with images in flight.
        engine: seconds thereof that the UNet's engine computed, by Triton's statistics: what is
            between the two are the loop's own work and the way to the engine and back.
        around: seconds of images in the encoders and in the decoder.
    """

    ticks: float
    images: float
    busy: float
    engine: float
    around: float

    @classmethod
    def between(cls, before: Counts, after: Counts) -> Self:
        """Of what was counted in between."""
        counts = difference(after, before)
        around = counts["encode_seconds"] + counts["decode_seconds"]
        return cls(
            ticks=counts["ticks"],
            images=counts["ticked_images"],
            busy=counts["busy_seconds"],
            engine=counts["engine_seconds"],
            around=around,
        )

    @property
    def images_per_tick(self) -> float:
        """How many images shared a UNet call on average."""
        return self.images / self.ticks

    @property
    def overhead(self) -> float:
        """As a share of the engine's time."""
        return self.busy / self.engine - 1

    @property
    def overhead_seconds(self) -> float:
        """Of one tick."""
        return (self.busy - self.engine) / self.ticks


async def count(product: Product, model: str) -> Counts:
    """Counters of the loop, and what the UNet's engine has computed."""
    counts = await loop_counts(product, model)
    async with triton_grpc.InferenceServerClient(product.triton) as client:
        found = await client.get_inference_statistics(f"{model}.unet")
    computed = sum(version.inference_stats.compute_infer.ns for version in found.model_stats)
    return {**counts, "engine_seconds": computed * _NANOSECONDS}
