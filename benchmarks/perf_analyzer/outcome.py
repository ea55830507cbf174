"""What a load came to, from the moments that perf_analyzer has noted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from benchmarks.load import Work
from benchmarks.measurement import Measurement

_NANOSECONDS: Final = 1e9


@dataclass(frozen=True)
class Outcome:
    """One load's.

    Attributes:
        first: seconds to the first picture of each edit.
        whole: all else, with the seconds to the last picture of each edit.
    """

    first: tuple[float, ...]
    whole: Measurement

    @classmethod
    def of(cls, requests: Sequence[Any], work: Work, calls: int) -> Self:
        """Of requests as a profile has them.

        Args:
            requests: each with its `timestamp` and `response_timestamps`, in ns.
            work: what they asked for.
            calls: of the UNet, in the meantime.
        """
        ends = [request["response_timestamps"] for request in requests]
        starts = [request["timestamp"] for request in requests]
        pairs = list(zip(starts, ends, strict=True))
        images = len(requests) * work.images
        return cls(
            first=tuple((end[0] - start) / _NANOSECONDS for start, end in pairs),
            whole=Measurement(
                seconds=(max(end[-1] for end in ends) - min(starts)) / _NANOSECONDS,
                latencies=tuple((end[-1] - start) / _NANOSECONDS for start, end in pairs),
                images=images,
                image_steps=images * work.steps,
                unet_calls=calls,
            ),
        )
