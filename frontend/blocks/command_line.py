"""`retouch users`: block end users of the callers, and let them in again."""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer

from frontend.blocks.store import Blocks
from frontend.blocks.table import MAX_REASON_CHARACTERS, MAX_USER_CHARACTERS
from frontend.command_line.moments import shown
from frontend.command_line.session import on_database
from frontend.command_line.tables import cell, new_table, print_table

Result = TypeVar("Result")
users = typer.Typer(no_args_is_help=True, help="Block end users, as callers name them in 'user'.")
User = Annotated[str, typer.Argument(help="The value of 'safety_identifier' or 'user'")]


@users.command()
def block(
    user: User,
    reason: Annotated[str | None, typer.Option(help="Shown in the list, never to clients")] = None,
) -> None:
    """Refuse this user's edits from now on, whatever key they come with."""
    if not 0 < len(user) <= MAX_USER_CHARACTERS:
        raise typer.BadParameter(f"a user has 1 to {MAX_USER_CHARACTERS} characters")
    if reason is not None and len(reason) > MAX_REASON_CHARACTERS:
        raise typer.BadParameter(f"a reason has at most {MAX_REASON_CHARACTERS} characters")
    is_new = _with_blocks(lambda blocks: blocks.block(user, reason))
    typer.echo("Blocked." if is_new else "Was blocked already; the reason is updated.", err=True)


@users.command()
def unblock(user: User) -> None:
    """Let this user edit again."""
    if not _with_blocks(lambda blocks: blocks.unblock(user)):
        typer.echo(f"{user!r} is not blocked.", err=True)
        raise typer.Exit(1)
    typer.echo("Unblocked.", err=True)


@users.command()
def blocked() -> None:
    """List the blocked users."""
    table = new_table("user", "blocked", "reason")
    for entry in _with_blocks(lambda blocks: blocks.list()):
        table.add_row(cell(entry.end_user), shown(entry.blocked_at), cell(entry.reason or "-"))
    print_table(table)


def _with_blocks(action: Callable[[Blocks], Awaitable[Result]]) -> Result:
    return on_database(lambda database: action(Blocks(database)))
