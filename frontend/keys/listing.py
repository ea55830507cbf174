"""Keys as a table for the terminal."""

from collections.abc import Sequence

from rich.table import Table

from frontend.command_line.moments import shown
from frontend.command_line.tables import cell, new_table
from frontend.keys.table import Key

_COLUMNS = ("id", "name", "key", "state", "created", "last used", "expires", "limits", "models")


def keys_table(keys: Sequence[Key]) -> Table:
    """Return one row per key; never more of a key than its prefix."""
    table = new_table(*_COLUMNS)
    for key in keys:
        times = [shown(moment) for moment in (key.created_at, key.last_used_at, key.expires_at)]
        models = "all" if key.models is None else cell(", ".join(key.models))
        row = [key.id, cell(key.name), f"{key.prefix}...", _state(key), *times, _limits(key)]
        table.add_row(*row, models)
    return table


def _state(key: Key) -> str:
    if key.revoked_at is not None:
        return "revoked"
    return "expired" if key.has_expired else "valid"


def _limits(key: Key) -> str:
    limits = (
        (key.images_per_minute, "images/min"),
        (key.requests_per_minute, "requests/min"),
        (key.concurrent_edits, "at once"),
    )
    own = [f"{limit} {unit}" for limit, unit in limits if limit is not None]
    return ", ".join(own) or "default"
