"""The option that names model repositories."""

from pathlib import Path
from typing import Annotated

import typer

BUILT_IN_MODELS = Path("model_repository")

RepositoryOption = Annotated[
    list[Path] | None,
    typer.Option(
        envvar="RETOUCH_MODEL_REPOSITORY",
        help="Folder of models; may be repeated. Default: model_repository, HOME/models.",
        exists=True,
        file_okay=False,
    ),
]
HomeOption = Annotated[
    Path,
    typer.Option(envvar="RETOUCH_HOME", help="Folder of the database, results and logs."),
]
DEFAULT_HOME = Path(".retouch")


def repositories_of(chosen: list[Path] | None, home: Path) -> tuple[Path, ...]:
    """The chosen ones; by default the built-in model, and what `retouch export` published."""
    default = [folder for folder in (BUILT_IN_MODELS, home / "models") if folder.is_dir()]
    return tuple(chosen or default)
