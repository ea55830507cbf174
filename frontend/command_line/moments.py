"""Times and durations as an operator writes and reads them."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

import typer

_DURATION: Final = re.compile(r"(?P<count>\d{1,6})(?P<unit>[smhdw])")
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_LONGEST: Final = timedelta(days=36525)


def duration(text: str) -> timedelta:
    """Read `90s`, `30m`, `12h`, `30d` or `4w`.

    Raises:
        BadParameter: it is none of these.
    """
    match = _DURATION.fullmatch(text)
    if match is None:
        raise typer.BadParameter(f"{text!r} is no duration such as 90s, 30m, 12h, 30d or 4w")
    length = timedelta(**{_UNITS[match["unit"]]: int(match["count"])})
    if length > _LONGEST:
        raise typer.BadParameter(f"{text!r} is more than a hundred years")
    return length


def shown(unix_seconds: int | None) -> str:
    """Return a moment for a table's cell; a dash where there is none."""
    if unix_seconds is None:
        return "-"
    return datetime.fromtimestamp(unix_seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
