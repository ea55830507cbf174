"""Whether throughput falls where it should grow, or stay."""

from collections.abc import Iterator, Sequence
from typing import Final

from benchmarks.report.row import Results, Row

GROWING: Final = ("clients", "images")


def falls(results: Results) -> Iterator[str]:
    """A line for each part that should not get slower by more load."""
    for part in GROWING:
        rows = [row for row in results.get(part, ()) if row.measurement is not None]
        if rows:
            share, row = deepest_fall(rows)
            yield f"{part}: at least {share:.0%} of the highest throughput before ({row.load})"


def deepest_fall(rows: Sequence[Row]) -> tuple[float, Row]:
    """The lowest throughput as a share of the highest before it, and where that is.

    At the highest of all that share is 1: it is never more.
    """
    highest = 0.0
    shares = []
    for row in rows:
        rate = row.measurement.images_per_second if row.measurement else 0.0
        highest = max(highest, rate)
        shares.append((rate / highest, row))
    return min(shares, key=lambda pair: pair[0])
