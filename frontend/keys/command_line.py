"""`retouch keys`: create, list and revoke API keys."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from frontend.database.database import Database
from frontend.keys.store import Keys
from frontend.keys.table import Key
from frontend.settings import Settings

Result = TypeVar("Result")
keys = typer.Typer(no_args_is_help=True, help="Manage API keys.")


@keys.command()
def create(name: Annotated[str, typer.Argument(help="What the key is for")]) -> None:
    """Create a key and print it alone; it is shown this one time."""
    typer.echo(_with_keys(lambda stored: stored.create(name)))


@keys.command("list")
def list_keys() -> None:
    """List all keys."""
    table = Table("id", "name", "key", "created", "last used", "revoked")
    for key in _with_keys(lambda stored: stored.list()):
        table.add_row(*_row(key))
    Console().print(table)


@keys.command()
def revoke(
    reference: Annotated[str, typer.Argument(help="A key's id, its name or its shown prefix")],
) -> None:
    """Revoke a key; requests that carry it are refused from now on."""
    revoked = _with_keys(lambda stored: stored.revoke(reference))
    if not revoked:
        typer.echo(f"No valid key has the id, name or prefix {reference!r}.", err=True)
        raise typer.Exit(1)
    typer.echo(f"Revoked {revoked} key{'s' if revoked > 1 else ''}.", err=True)


def _with_keys(action: Callable[[Keys], Awaitable[Result]]) -> Result:
    async def run() -> Result:
        async with Database.open(Settings()) as database:
            return await action(Keys(database))

    return asyncio.run(run())


def _row(key: Key) -> list[str]:
    times = [_shown(moment) for moment in (key.created_at, key.last_used_at, key.revoked_at)]
    return [key.id, key.name, f"{key.prefix}...", *times]


def _shown(unix_seconds: int | None) -> str:
    if unix_seconds is None:
        return "-"
    return datetime.fromtimestamp(unix_seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
