"""What a load came to."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Measurement:
    """One load's outcome, whoever sent it.

    Attributes:
        seconds: from the first request to the last answer.
        latencies: of each edit until all of its pictures are there, in seconds.
        images: pictures of all edits together.
        image_steps: denoising steps of all pictures together.
        unet_calls: how often the UNet was executed meanwhile; 0 if nobody has counted.
    """

    seconds: float
    latencies: tuple[float, ...]
    images: int
    image_steps: int = 0
    unet_calls: int = 0

    @property
    def edits_per_second(self) -> float:
        """Throughput."""
        return len(self.latencies) / self.seconds

    @property
    def images_per_second(self) -> float:
        """Throughput in pictures."""
        return self.images / self.seconds

    @property
    def edits_under_way(self) -> float:
        """How many edits were under way on average (Little's law)."""
        return sum(self.latencies) / self.seconds

    @property
    def images_per_call(self) -> float | None:
        """How many images shared a UNet call on average; None if nobody has counted the calls."""
        return self.image_steps / self.unet_calls if self.unet_calls else None

    def percentile(self, percent: float) -> float:
        """Latency in seconds that so many percent of the edits do not exceed."""
        return float(np.percentile(self.latencies, percent))
