"""What a load came to, from the moments that perf_analyzer has noted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

_NANOSECONDS: Final = 1e9


@dataclass(frozen=True)
class Outcome:
    """One load's.

    Attributes:
        first: seconds to the first picture of each edit.
        last: seconds to the last picture of each edit.
        seconds: from the first request to the last response.
        calls: of the UNet, in the meantime.
    """

    first: tuple[float, ...]
    last: tuple[float, ...]
    seconds: float
    calls: int

    @classmethod
    def of(cls, requests: Sequence[Any], calls: int) -> Self:
        """Of requests as a profile has them: `timestamp` and `response_timestamps`, in ns."""
        ends = [request["response_timestamps"] for request in requests]
        starts = [request["timestamp"] for request in requests]
        pairs = list(zip(starts, ends, strict=True))
        return cls(
            first=tuple((end[0] - start) / _NANOSECONDS for start, end in pairs),
            last=tuple((end[-1] - start) / _NANOSECONDS for start, end in pairs),
            seconds=(max(end[-1] for end in ends) - min(starts)) / _NANOSECONDS,
            calls=calls,
        )

    @property
    def edits_per_second(self) -> float:
        """Throughput."""
        return len(self.last) / self.seconds

    def images_per_call(self, images: int, steps: int) -> float:
        """Mean number of images in a UNet call, for edits of so many images and steps."""
        return len(self.last) * images * steps / self.calls
