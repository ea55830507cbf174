"""One trace as a waterfall: what happened below what, and for how long."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from examples.observed.span import Span

COLOURS = {"frontend": "#3f6fb5", "triton": "#6a9f2f"}
MOST_SPANS = 18
INCHES_WIDE = 10
INCHES_OF_A_SPAN = 0.27


def telling_trace(spans: Sequence[Span]) -> list[Span]:
    """The spans of the edit that has most of them and still fits a page."""
    traces: dict[str, list[Span]] = {}
    for span in spans:
        traces.setdefault(span.trace, []).append(span)
    return max((found for found in traces.values() if len(found) <= MOST_SPANS), key=len)


def draw_trace(spans: Sequence[Span], file: Path) -> None:
    """Draw the spans of one trace."""
    ordered = list(_in_order(spans, "", 0))
    began = min(span.start for span in spans)
    figure = Figure(
        figsize=(INCHES_WIDE, INCHES_OF_A_SPAN * len(ordered) + 1), layout="constrained"
    )
    axes = figure.subplots()
    for row, (_, span) in enumerate(ordered):
        start, width = 1000 * (span.start - began), 1000 * (span.end - span.start)
        axes.barh(row, max(width, 0.5), left=start, color=COLOURS[span.service], height=0.7)
        axes.text(start + width, row, f" {width:.1f} ms", va="center", fontsize=7)
    names = ["    " * depth + span.name for depth, span in ordered]
    axes.set_yticks(range(len(names)), names, fontsize=8, ha="left")
    axes.tick_params(axis="y", pad=190, length=0)
    axes.invert_yaxis()
    axes.margins(x=0.1, y=0.02)
    axes.set_xlabel("milliseconds since the request came")
    handles = [axes.barh(0, 0, color=colour) for colour in COLOURS.values()]
    axes.legend(handles, COLOURS, fontsize=8)
    figure.savefig(file, dpi=90)


def _in_order(spans: Sequence[Span], parent: str, depth: int) -> Iterator[tuple[int, Span]]:
    """Each span with its depth, children below their parents, by their start."""
    known = {span.id for span in spans}
    for span in sorted(spans, key=lambda span: span.start):
        if span.parent == parent or (not parent and span.parent not in known):
            yield depth, span
            yield from _in_order(spans, span.id, depth + 1)
