"""`retouch keys`: create, list, change and revoke API keys."""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer

from frontend.command_line.session import on_database
from frontend.command_line.tables import print_table
from frontend.keys.command_options import (
    ConcurrentOption,
    ExpiryOption,
    ImagesOption,
    ModelOption,
    RequestsOption,
    key_options,
)
from frontend.keys.listing import keys_table
from frontend.keys.store import Keys
from frontend.keys.table import MAX_NAME_CHARACTERS

Result = TypeVar("Result")
keys = typer.Typer(no_args_is_help=True, help="Manage API keys.")
Reference = Annotated[str, typer.Argument(help="A key's id, its name or its shown prefix")]


@keys.command()
def create(
    name: Annotated[str, typer.Argument(help="What the key is for")],
    expires: ExpiryOption = None,
    images_per_minute: ImagesOption = None,
    requests_per_minute: RequestsOption = None,
    concurrent: ConcurrentOption = None,
    model: ModelOption = None,
) -> None:
    """Create a key and print it alone; it is shown this one time."""
    if not 0 < len(name) <= MAX_NAME_CHARACTERS:
        raise typer.BadParameter(f"a name has 1 to {MAX_NAME_CHARACTERS} characters")
    options = key_options(expires, images_per_minute, requests_per_minute, concurrent, model)
    typer.echo(_with_keys(lambda stored: stored.create(name, **options)))


@keys.command("list")
def list_keys() -> None:
    """List all keys."""
    print_table(keys_table(_with_keys(lambda stored: stored.list())))


@keys.command()
def update(
    reference: Reference,
    expires: ExpiryOption = None,
    images_per_minute: ImagesOption = None,
    requests_per_minute: RequestsOption = None,
    concurrent: ConcurrentOption = None,
    model: ModelOption = None,
) -> None:
    """Change what a key may do; what no option names stays as it is."""
    options = key_options(expires, images_per_minute, requests_per_minute, concurrent, model)
    if not options:
        raise typer.BadParameter("nothing to change: give at least one option")
    updated = _with_keys(lambda stored: stored.update(reference, **options))
    _report("Updated", updated, reference)


@keys.command()
def revoke(reference: Reference) -> None:
    """Revoke a key; requests that carry it are refused from now on."""
    _report("Revoked", _with_keys(lambda stored: stored.revoke(reference)), reference)


def _report(done: str, count: int, reference: str) -> None:
    if not count:
        typer.echo(f"No valid key has the id, name or prefix {reference!r}.", err=True)
        raise typer.Exit(1)
    typer.echo(f"{done} {count} key{'s' if count > 1 else ''}.", err=True)


def _with_keys(action: Callable[[Keys], Awaitable[Result]]) -> Result:
    return on_database(lambda database: action(Keys(database)))
