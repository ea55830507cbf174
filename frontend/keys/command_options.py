"""The options of `retouch keys` that say what a key may do."""

import time
from typing import Annotated, Final

import typer

from frontend.command_line.moments import duration
from frontend.keys.store import KeyOptions

_DEFAULT: Final = "default"
_NEVER: Final = "never"
_ALL: Final = "all"
_LARGEST_LIMIT: Final = 1_000_000

ExpiryOption = Annotated[
    str | None,
    typer.Option("--expires", metavar="DURATION", help=f"Such as 12h or 30d, or {_NEVER}."),
]
ImagesOption = Annotated[
    str | None,
    typer.Option(metavar="N", help=f"Images that it may ask for in a minute, or {_DEFAULT}."),
]
RequestsOption = Annotated[
    str | None,
    typer.Option(metavar="N", help=f"Edits that it may ask for in a minute, or {_DEFAULT}."),
]
ConcurrentOption = Annotated[
    str | None,
    typer.Option(metavar="N", help=f"Edits that it may have under way, or {_DEFAULT}."),
]
ModelOption = Annotated[
    list[str] | None,
    typer.Option(metavar="ID", help=f"A model that it may use; may be repeated; {_ALL}: any."),
]


def key_options(
    expires: str | None,
    images_per_minute: str | None,
    requests_per_minute: str | None,
    concurrent: str | None,
    models: list[str] | None,
) -> KeyOptions:
    """Return what the given options say; those that are absent stay out.

    Raises:
        BadParameter: an option cannot be understood.
    """
    options: KeyOptions = {}
    if expires is not None:
        options["expires_at"] = _moment(expires)
    if images_per_minute is not None:
        options["images_per_minute"] = _limit(images_per_minute)
    if requests_per_minute is not None:
        options["requests_per_minute"] = _limit(requests_per_minute)
    if concurrent is not None:
        options["concurrent_edits"] = _limit(concurrent)
    if models:
        options["models"] = None if models == [_ALL] else sorted(set(models))
    return options


def _moment(text: str) -> int | None:
    return None if text == _NEVER else int(time.time() + duration(text).total_seconds())


def _limit(text: str) -> int | None:
    if text == _DEFAULT:
        return None
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _LARGEST_LIMIT:
        raise typer.BadParameter(f"{text!r} is neither 1 to {_LARGEST_LIMIT} nor {_DEFAULT!r}")
    return int(text)
