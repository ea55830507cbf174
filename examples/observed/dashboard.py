"""The dashboard's panels, drawn without Grafana: its JSON says what to ask Prometheus for."""

import json
import math
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from examples.observed.prometheus import Prometheus

DASHBOARD = Path("docker/observability/grafana/dashboards/retouch.json")
COLUMNS = 3
INCHES_OF_A_PANEL = (4.6, 2.5)
UNITS = {"reqps": "per second", "s": "seconds", "percentunit": "share", "short": ""}


def draw_dashboard(prometheus: Prometheus, start: float, end: float, file: Path) -> None:
    """Draw every panel that has data in a span of time (seconds since 1970)."""
    panels = [
        (panel, found)
        for panel in json.loads(DASHBOARD.read_text())["panels"]
        if (found := _ask(prometheus, panel, start, end))
    ]
    rows = math.ceil(len(panels) / COLUMNS)
    size = (INCHES_OF_A_PANEL[0] * COLUMNS, INCHES_OF_A_PANEL[1] * rows)
    figure = Figure(figsize=size, layout="constrained")
    axes = figure.subplots(rows, COLUMNS, squeeze=False).ravel()
    for place, (panel, found) in zip(axes, panels, strict=False):
        _draw(place, panel, found, start)
    for place in axes[len(panels) :]:
        place.set_axis_off()
    figure.supxlabel("minutes", fontsize=9)
    figure.savefig(file, dpi=80)


def _ask(prometheus: Prometheus, panel: Any, start: float, end: float) -> list[Any]:
    expressions = [target["expr"] for target in panel["targets"]]
    return [series for asked in expressions for series in prometheus.series(asked, start, end)]


def _draw(place: Axes, panel: Any, found: list[Any], start: float) -> None:
    for series in found:
        minutes = [(moment - start) / 60 for moment in series.moments]
        place.plot(minutes, series.values, label=series.labels or None, linewidth=1.2)
    unit = UNITS[panel["fieldConfig"]["defaults"]["unit"]]
    place.set_title(panel["title"], loc="left", fontsize=10, fontweight="bold")
    place.set_ylabel(unit, fontsize=8)
    place.set_ylim(bottom=0)
    place.tick_params(labelsize=8)
    place.grid(alpha=0.25)
    if any(series.labels for series in found):
        place.legend(fontsize=7, framealpha=0.6)
