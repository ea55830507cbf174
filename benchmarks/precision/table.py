"""The comparison as people read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from rich.table import Table

from benchmarks.precision.outcome import BARS, Outcome


@dataclass(frozen=True)
class Row:
    """One way to serve the model.

    Attributes:
        name: of engine, precision and option.
        edits: how many were made.
        psnr: peak signal to noise of all repainted pixels against the reference, in dB; None = of
            the reference itself, or all are equal.
        worst_psnr: that of the edit that is furthest off.
        bars: what the evaluation found, by the names of `BARS`, and whether the bar is met.
    """

    name: str
    edits: int
    psnr: float | None
    worst_psnr: float | None
    bars: dict[str, tuple[str, bool]]

    @classmethod
    def of(cls, name: str, outcome: Outcome, reference: Outcome | None = None) -> Self:
        """Compares with the reference, unless this is it."""
        errors = np.zeros(1) if reference is None else outcome.errors(reference)
        return cls(
            name=name,
            edits=len(outcome.pictures),
            psnr=_decibels(errors.mean()),
            worst_psnr=_decibels(errors.max()),
            bars={
                title: (line.value, bool(line.met))
                for line in outcome.lines
                for start, title in BARS.items()
                if line.check.startswith(start)
            },
        )


def precision_table(rows: Sequence[Row]) -> Table:
    """A row for each; a bar that is missed is marked."""
    title = f"{rows[0].edits} edits; * = below the evaluation's bar"
    table = Table("", "PSNR dB", "worst edit", *BARS.values(), title=title)
    for row in rows:
        bars = [f"{value}{'' if met else '*'}" for value, met in row.bars.values()]
        table.add_row(row.name, _shown(row.psnr), _shown(row.worst_psnr), *bars)
    return table


def _decibels(mean_square: float) -> float | None:
    return float(10 * np.log10(255**2 / mean_square)) if mean_square else None


def _shown(decibels: float | None) -> str:
    return "" if decibels is None else f"{decibels:.1f}"
