"""The bars, and what was measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final, Self

from rich.table import Table

from benchmarks.limit.burst import Burst
from benchmarks.limit.floor import Floor
from benchmarks.limit.steady import Steady
from benchmarks.load import Work

_LEAST_THROUGHPUT: Final = 0.95
_MOST_OVERHEAD: Final = 0.03
_MOST_FIRST: Final = 1.3
_LEAST_OCCUPANCY: Final = 0.95


@dataclass(frozen=True)
class Check:
    """One ratio: of every round, and whether its median keeps to the bar."""

    title: str
    ratios: Sequence[float]
    bar: str
    is_met: bool

    @classmethod
    def at_least(cls, title: str, ratios: Sequence[float], bar: float) -> Self:
        """More is better."""
        return cls(title, ratios, f">= {bar:g}", median(ratios) >= bar)

    @classmethod
    def at_most(cls, title: str, ratios: Sequence[float], bar: float) -> Self:
        """Less is better."""
        return cls(title, ratios, f"<= {bar:g}", median(ratios) <= bar)


def checks_of(rounds: Sequence[tuple[Floor, Burst]], steady: Steady, work: Work) -> Sequence[Check]:
    """All checks; each round has a floor of its own, taken just before it."""
    throughput = [floor.of_all(work.edits, work.steps) / burst.last for floor, burst in rounds]
    first = [burst.first / floor.of_first(work.edits, work.steps) for floor, burst in rounds]
    overhead = [burst.loop.overhead for _, burst in rounds]
    return (
        Check.at_least("throughput / the engines' alone", throughput, _LEAST_THROUGHPUT),
        Check.at_most("a tick beside the UNet / the UNet", overhead, _MOST_OVERHEAD),
        Check.at_most("first answer / under perfect sharing", first, _MOST_FIRST),
        Check.at_least("images of a UNet call / live ones", [steady.occupancy], _LEAST_OCCUPANCY),
    )


def limit_table(checks: Sequence[Check], work: Work, engine: str) -> Table:
    """A row for each check."""
    table = Table(
        "",
        "median",
        "rounds",
        "bar",
        "",
        title=f"{work.edits} edits of {work.model} at once, {work.side} px, {work.steps} steps, "
        f"{engine}",
    )
    for check in checks:
        spread = f"{min(check.ratios):.3f} - {max(check.ratios):.3f}"
        verdict = "met" if check.is_met else "missed"
        table.add_row(check.title, f"{median(check.ratios):.3f}", spread, check.bar, verdict)
    return table
