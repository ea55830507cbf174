"""Brings models into a served repository, all or none.

They are made in a staging folder beside the repository (inside it, Triton would take the folder for
a model) and renamed into it one by one, the public model last.
"""

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from export.contracts import ROLES, Role
from export.errors import PublishError

Move = tuple[Path, Path]  # from, to
ALLOWED_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def check_id(model_id: str) -> None:
    """Refuses ids that are no folder names, or that are a part's name.

    Raises:
        PublishError: with the rule that is broken.
    """
    if not ALLOWED_ID.fullmatch(model_id):
        raise PublishError(
            f"the id {model_id!r} is not allowed: letters, digits and . _ - only, the first a"
            " letter or digit"
        )
    for role in Role:
        if role and model_id.endswith(f".{role}"):
            raise PublishError(f"the id {model_id} would collide with a part of another model")


def check_free(repository: Path, model_id: str) -> None:
    """Refuses an id of which the repository has a model.

    Raises:
        PublishError: it is taken.
    """
    taken = [path.name for path in _published(repository, model_id)]
    if taken:
        raise PublishError(
            f"{repository} has {', '.join(taken)} already; --force replaces what is there"
        )


@contextmanager
def staging(repository: Path) -> Iterator[Path]:
    """A folder beside the repository, on the same file system, that is gone afterwards.

    Raises:
        PublishError: it cannot be made, or what is done inside fails for want of space or rights.
    """
    parent = repository.resolve().parent
    try:
        parent.mkdir(parents=True, exist_ok=True)
        if repository.exists() and repository.stat().st_dev != parent.stat().st_dev:
            raise PublishError(
                f"{repository} is a mount of its own; mount the folder above it, so that models"
                " can be renamed into it"
            )
        folder = tempfile.mkdtemp(prefix=f".{repository.name}.staging-", dir=parent)
    except OSError as error:
        raise PublishError(f"{repository} cannot be written: {error}") from error
    try:
        yield Path(folder)
    except OSError as error:
        raise PublishError(f"{folder} cannot be written: {error}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def publish(staged: Path, repository: Path, model_id: str, *, replace: bool) -> None:
    """Renames the staged models into the repository, the public one last.

    Args:
        staged: Holds one folder for each role; that of shallow steps may be missing.
        repository: The served folder; made when missing.
        model_id: The public model's name.
        replace: Move models of the same names out of the way; they come back if anything fails.

    Raises:
        PublishError: a name is taken, or the file system refuses; the repository is as before.
    """
    repository.mkdir(parents=True, exist_ok=True)
    if not replace:
        check_free(repository, model_id)
    moves: list[Move] = []
    try:
        aside = staged / ".replaced"
        aside.mkdir()
        for old in reversed(_published(repository, model_id)):
            _move(old, aside / old.name, moves)
        for role in Role:
            name = role.model_name(model_id)
            if role in ROLES or (staged / name).exists():
                _move(staged / name, repository / name, moves)
    except BaseException as error:
        _undo(moves)
        if isinstance(error, OSError):
            raise PublishError(f"{repository} cannot be written: {error}") from error
        raise


def _undo(moves: list[Move]) -> None:
    """Moves back what was moved; the last move may not have happened."""
    for source, target in reversed(moves):
        if target.exists() and not source.exists():
            target.rename(source)


def _published(repository: Path, model_id: str) -> list[Path]:
    """The id's models in the repository, in the order of publishing."""
    paths = [repository / role.model_name(model_id) for role in Role]
    return [path for path in paths if path.exists()]


def _move(source: Path, target: Path, moves: list[Move]) -> None:
    moves.append((source, target))
    source.rename(target)
