"""The table: what was measured, the bar, and whether it is met."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One check.

    Attributes:
        check: what was looked at.
        value: what came out, as people read it.
        bar: what was asked for, likewise.
        met: whether it was reached; None where there is no bar.
    """

    check: str
    value: str
    bar: str = ""
    met: bool | None = None


def at_least(check: str, value: float, bar: float) -> Line:
    """A share that should be high."""
    return Line(check, f"{value:.1%}", f">= {bar:.0%}", value >= bar)


def at_most(check: str, value: float, bar: float) -> Line:
    """A ratio that should be low."""
    return Line(check, f"{value:.2f}x", f"<= {bar:g}x", value <= bar)


def table(lines: Sequence[Line]) -> str:
    """Markdown."""
    verdicts = {True: "met", False: "missed", None: ""}
    rows = [
        f"| {line.check} | {line.value} | {line.bar} | {verdicts[line.met]} |" for line in lines
    ]
    return "\n".join(["| check | measured | bar | |", "|---|---|---|---|", *rows]) + "\n"


def by_name(title: str, verdicts: dict[str, list[bool]]) -> list[Line]:
    """One line for each name, without a bar."""
    return [
        Line(f"{title}: {name}", f"{sum(right)} of {len(right)}")
        for name, right in sorted(verdicts.items())
    ]
