"""The comparison as people read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.table import Column, Table

from benchmarks.window.quality import Edits
from benchmarks.window.rules import PRODUCT


@dataclass(frozen=True)
class Case:
    """Canvases and masks of one size.

    Attributes:
        side: of the canvas in pixels.
        share: of the canvas that is repainted.
        edits: of every rule, by task.
    """

    side: int
    share: float
    edits: Mapping[str, Sequence[Edits]]


def case_table(case: Case) -> Table:
    """A row for each rule; behind a mean is the difference from the product's, with its error."""
    count = len(next(iter(case.edits.values()))[0].sides)
    table = Table(
        Column(f"{case.side} px, mask {case.share:.0%}", no_wrap=True),
        "window",
        title=f"{count} edits of each task",
    )
    names = [(task, name) for task, edits in case.edits.items() for name in edits[0].values]
    for _, name in names:
        table.add_column(name, no_wrap=True)
    for number, first in enumerate(next(iter(case.edits.values()))):
        cells = [_cell(case.edits[task], number, name) for task, name in names]
        table.add_row(first.rule, f"{first.sides.mean():.0f}", *cells)
    return table


def _cell(edits: Sequence[Edits], number: int, name: str) -> str:
    values = edits[number].values[name]
    usual = next(one.values[name] for one in edits if one.rule == PRODUCT.name)
    difference = values - usual
    if not difference.any():
        return f"{values.mean():.2f}"
    return f"{values.mean():.2f} ({difference.mean():+.2f} ±{_standard_error(difference):.2f})"


def _standard_error(values: NDArray[np.float64]) -> float:
    return float(values.std(ddof=1) / np.sqrt(len(values)))
