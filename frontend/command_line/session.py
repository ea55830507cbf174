"""Runs a command's work on the database, and says in one line what keeps it from that."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import typer
from pydantic import ValidationError

from frontend.database.database import Database
from frontend.database.faults import database_fault
from frontend.errors.service import UnavailableError
from frontend.settings import Settings
from frontend.settings_fault import settings_fault

Result = TypeVar("Result")


def on_database(action: Callable[[Database], Awaitable[Result]]) -> Result:
    """Run `action` on the database that the environment names; end the program if that fails."""
    try:
        return asyncio.run(_run(Settings(), action))
    except ValidationError as error:
        typer.echo(settings_fault(error), err=True)
    except UnavailableError as error:
        typer.echo(database_fault(Settings().database, error), err=True)
    raise typer.Exit(1)


async def _run(settings: Settings, action: Callable[[Database], Awaitable[Result]]) -> Result:
    async with Database.open(settings) as database:
        return await action(database)
