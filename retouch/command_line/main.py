"""The `retouch` command: its subcommands, each loaded with what it needs only when it is called."""

import typer

from export.command_line import export
from frontend.administration.command_line import admin
from frontend.blocks.command_line import users
from frontend.keys.command_line import keys
from frontend.usage.command_line import usage
from retouch.command_line.models import models
from retouch.command_line.serve import serve

app = typer.Typer(
    help="An image-edit API that obeys the mask, on NVIDIA Triton.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # a local may be a key
)
app.command()(serve)
app.command()(export)
app.command()(usage)
app.add_typer(models, name="models")
app.add_typer(keys, name="keys")
app.add_typer(users, name="users")
app.add_typer(admin, name="admin")


def main() -> None:
    """Run the command line."""
    app()
