"""The plots; each is drawn if the parts that it needs were measured."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.measurement import Measurement
from benchmarks.report.row import Results, Row

WIDTH_INCHES: Final = 9
LOADS: Final = {"clients": "clients who wait", "arrivals": "random arrivals"}
GROWTH: Final = {"clients": "clients", "images": "images of an edit", "sizes": "pixels a side"}
LOGARITHMIC: Final = ("clients", "sizes")
STYLE: Final[dict[Any, Any]] = {"svg.fonttype": "none", "svg.hashsalt": "retouch", "font.size": 8}


def draw(results: Results, folder: Path) -> list[Path]:
    """Draw what can be drawn of the results into SVG files."""
    files = []
    with mpl.rc_context(STYLE):
        for name, (needed, figure_of) in FIGURES.items():
            if any(results.get(part) for part in needed):
                files.append(folder / f"{name}.svg")
                figure_of(results).savefig(files[-1], metadata={"Date": None})
    return files


def _load_figure(results: Results) -> Figure:
    """Latency against throughput, and how full the UNet's calls are, under both kinds of load."""
    figure, (latency, occupancy) = _figure(1, 2)
    for number, part in enumerate(part for part in LOADS if results.get(part)):
        found = [measurement for _, measurement in _measured(results[part])]
        under_way = [m.edits_under_way for m in found]
        rates = [m.images_per_second for m in found]
        colour, name = f"C{number}", LOADS[part]
        latency.plot(rates, [m.percentile(50) for m in found], "o-", color=colour, label=name)
        latency.plot(rates, [m.percentile(95) for m in found], "o:", color=colour, alpha=0.5)
        shared = [m.images_per_call for m in found]
        occupancy.plot(under_way, shared, "o-", color=colour, label=name)
    latency.set_xlim(left=0)
    _name(latency, "images per second", "seconds: median, and 95th percentile (dotted)")
    occupancy.axline((1, 1), slope=1, color="0.8", zorder=0, label="as many as are under way")
    _name(occupancy, "edits under way on average", "images per UNet call")
    return figure


def _stages_figure(results: Results) -> Figure:
    """Where an edit's time goes, and what an image costs, for each number of clients."""
    rows = [(f"{row.varied:g}", row.stages) for row in results["clients"] if row.stages]
    figure, (edit, image) = _figure(1, 2)
    _stack(edit, [(clients, stages.edit) for clients, stages in rows])
    _stack(image, [(clients, stages.image) for clients, stages in rows])
    _name(edit, "clients", "seconds of an edit")
    _name(image, "clients", "seconds of the model's work for an image")
    return figure


def _growth_figure(results: Results) -> Figure:
    """Throughput above, latency below: by clients, by images of an edit, by size."""
    parts = [part for part in GROWTH if results.get(part)]
    figure, axes = _figure(2, len(parts))
    for (throughput, latency), part in zip(zip(*axes, strict=True), parts, strict=True):
        for series, rows in groupby(_measured(results[part]), lambda pair: pair[0].series):
            varied, found = zip(*((row.varied, m) for row, m in rows), strict=True)
            throughput.plot(varied, [m.images_per_second for m in found], "o-", label=series)
            (line,) = latency.plot(varied, [m.percentile(50) for m in found], "o-", label=series)
            latency.plot(varied, [m.percentile(95) for m in found], "o:", color=line.get_color())
        ticks = sorted({row.varied for row, _ in _measured(results[part])})
        for panel in (throughput, latency):
            if part in LOGARITHMIC:
                panel.set_xscale("log", base=2)
            panel.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        _name(throughput, "", "images per second")
        _name(latency, GROWTH[part], "seconds: median, 95th percentile")
    return figure


FIGURES: Final[Mapping[str, tuple[Sequence[str], Callable[[Results], Figure]]]] = {
    "load": (tuple(LOADS), _load_figure),
    "stages": (("clients",), _stages_figure),
    "growth": (tuple(GROWTH), _growth_figure),
}


def _measured(rows: Sequence[Row]) -> Iterator[tuple[Row, Measurement]]:
    for row in rows:
        if row.measurement is not None:
            yield row, row.measurement


def _figure(rows: int, columns: int) -> tuple[Figure, Any]:
    figure = Figure(figsize=(WIDTH_INCHES, 1.2 + 2.2 * rows), layout="constrained")
    squeezed = rows == 1
    axes = figure.subplots(rows, columns, squeeze=False)
    return figure, axes[0] if squeezed else axes


def _stack(axes: Axes, bars: Sequence[tuple[str, Mapping[str, float]]]) -> None:
    names = [name for name, _ in bars]
    below = [0.0] * len(bars)
    for part in bars[0][1]:
        heights = [seconds[part] for _, seconds in bars]
        axes.bar(names, heights, bottom=below, label=part)
        below = [low + height for low, height in zip(below, heights, strict=True)]
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), reverse=True)


def _name(axes: Axes, x: str, y: str) -> None:
    axes.set(xlabel=x, ylabel=y)
    axes.set_ylim(bottom=0)
    axes.grid(alpha=0.3)
    if axes.get_legend() is None and any(axes.get_legend_handles_labels()[1]):
        axes.legend()
