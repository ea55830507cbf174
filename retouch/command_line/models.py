"""`retouch models`: releases of served models."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Annotated

import typer
from tritonclient.grpc.aio import InferenceServerClient
from tritonclient.utils import InferenceServerException

from frontend.command_line.tables import new_table, print_table
from retouch.command_line.repositories import (
    DEFAULT_HOME,
    HomeOption,
    RepositoryOption,
    repositories_of,
)
from retouch.releases.errors import ReleaseError
from retouch.releases.release import Release
from retouch.releases.repository import ReleasedModel, released_models
from retouch.releases.switch import switch

models = typer.Typer(no_args_is_help=True, help="Replace served models, and go back.")
Name = Annotated[str, typer.Argument(help="The model's name for clients.")]


@models.command("list")
def show(model_repository: RepositoryOption = None, home: HomeOption = DEFAULT_HOME) -> None:
    """Show every model's releases, and which is in use."""
    table = new_table("model", "in use", "releases")
    for model in released_models(repositories_of(model_repository, home)):
        numbers = ", ".join(str(release.number) for release in model.releases)
        table.add_row(model.name, str(model.in_use.number), numbers)
    print_table(table)


@models.command()
def add(
    name: Name,
    exported: Annotated[
        Path,
        typer.Argument(help="Folder that it alone was exported to.", exists=True, file_okay=False),
    ],
    model_repository: RepositoryOption = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Take a newer export of a model as its next release, and print the release's number."""
    with _one_line_for_errors():
        model = _find(name, repositories_of(model_repository, home))
        typer.echo(model.add(exported).number)


@models.command()
def use(
    name: Name,
    release: Annotated[int, typer.Argument(help="Number of the release, see `list`.")],
    triton: Annotated[
        list[str] | None,
        typer.Option(
            envvar="RETOUCH_TRITON",
            metavar="grpc://HOST:PORT",
            help="Server of the repository; may be repeated.  [default: grpc://127.0.0.1:8001]",
        ),
    ] = None,
    grace: Annotated[
        float,
        typer.Option(
            min=0,
            metavar="SECONDS",
            help="Keep the former release so long after its last edit: more than frontends trust"
            " their list of models (RETOUCH_CATALOGUE_LIFETIME_SECONDS).",
        ),
    ] = 10,
    model_repository: RepositoryOption = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Let new edits be done by a release, an earlier one included, while others are finished."""
    with _one_line_for_errors():
        model = _find(name, repositories_of(model_repository, home))
        urls = triton or ["grpc://127.0.0.1:8001"]
        asyncio.run(_use(model, Release(name, release), urls, grace))
    typer.echo(f"{name} is served by release {release}", err=True)


async def _use(
    model: ReleasedModel, release: Release, urls: Sequence[str], grace_seconds: float
) -> None:
    async with AsyncExitStack() as stack:
        clients = [
            await stack.enter_async_context(InferenceServerClient(url.removeprefix("grpc://")))
            for url in urls
        ]
        await switch(clients, model, release, grace_seconds)


def _find(name: str, repositories: Sequence[Path]) -> ReleasedModel:
    for model in released_models(repositories):
        if model.name == name:
            return model
    raise ReleaseError(f"no model {name} in {', '.join(map(str, repositories))}")


@contextmanager
def _one_line_for_errors() -> Iterator[None]:
    try:
        yield
    except (ReleaseError, InferenceServerException, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
