"""What must hold after a soak."""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from benchmarks.soak.run import Soak

MOST_GROWTH_MEBIBYTES = 100
WINDOW = 1 / 12  # share of the load's samples that is the begin, and the end, of a trend


@dataclass(frozen=True)
class Check:
    """One thing that must hold."""

    what: str
    found: str
    holds: bool


def checks(soak: Soak) -> Iterator[Check]:
    """Compare the product after the load with the product after the warm-up."""
    if soak.warm is None or soak.end is None:
        raise ValueError("the soak has not come to its end")
    before, after = soak.warm.total, soak.end.total
    growth = growth_mebibytes(soak, soak.warm.moment)
    yield Check(
        f"resident memory grows by less than {MOST_GROWTH_MEBIBYTES} MiB",
        f"{growth:+.1f} MiB under load, {after.rss - before.rss:+.1f} at rest",
        max(growth, after.rss - before.rss) < MOST_GROWTH_MEBIBYTES,
    )
    yield Check(
        "no descriptor is lost",
        f"{before.descriptors} -> {after.descriptors} at rest",
        after.descriptors <= before.descriptors,
    )
    most = most_threads(soak, soak.warm.moment)
    yield Check(
        "no thread is lost",
        f"{before.threads} -> {after.threads} at rest, {most} at most in the warm-up",
        after.threads <= most,
    )
    yield Check(
        "shared memory is as before, and freed at the stop",
        f"{soak.warm.region_mebibytes:.1f} -> {soak.end.region_mebibytes:.1f} MiB, "
        f"{len(soak.left_regions)} regions left after the stop",
        soak.end.regions == soak.warm.regions and not soak.left_regions,
    )
    yield Check(
        "every answer is as expected",
        f"{soak.tally.surprising} of {soak.tally.statuses.total()} were not",
        not soak.tally.surprising,
    )


def most_threads(soak: Soak, until: float) -> int:
    """Most threads at once until a moment.

    Some are there at rest as well: the store's come with each access, that of a sweep of expired
    results too, and go ten seconds after it.
    """
    return max(sample.total.threads for sample in soak.samples if sample.moment <= until)


def growth_mebibytes(soak: Soak, since: float) -> float:
    """Of all processes together, from the begin of the load after the warm-up to its end."""
    sizes = [sample.total.rss for sample in soak.samples if sample.moment > since]
    window = max(1, round(len(sizes) * WINDOW))
    return median(sizes[-window:]) - median(sizes[:window])


def cores(soak: Soak) -> float:
    """How many cores the product was using on average."""
    first, last = soak.samples[0], soak.samples[-1]
    used_seconds = last.total.cpu_seconds - first.total.cpu_seconds
    return used_seconds / (last.moment - first.moment)
