"""`retouch admin`: ways into the pages for whoever administers the server."""

import typer

from frontend.administration.admin_secret import reset_secret
from frontend.administration.links import link_url
from frontend.administration.sessions import Sessions
from frontend.command_line.session import on_database
from frontend.database.database import Database
from frontend.settings import Settings

admin = typer.Typer(no_args_is_help=True, help="Sign in to the pages as administrator.")


@admin.command()
def link() -> None:
    """Print a link that signs a browser in once, within an hour.

    Its address is RETOUCH_PUBLIC_BASE_URL, or made of RETOUCH_HOST and RETOUCH_PORT.
    """
    typer.echo(on_database(_new_link))


@admin.command("reset-secret")
def reset() -> None:
    """Print a new admin secret, this one time; the old one and all sessions end."""
    typer.echo(on_database(reset_secret))


async def _new_link(database: Database) -> str:
    settings = Settings()
    token = await Sessions(database, settings.session_seconds).new_link()
    return link_url(settings, token)
