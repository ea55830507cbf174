"""Settings that can be in files: setting `x` is the text of the file that `x_file` names."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

_SUFFIX: Final = "_file"


def with_secrets_of_files(values: dict[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    """Return the values of `fields` with the texts of files, without the space around them.

    Raises:
        ValueError: a secret is set in both ways, or its file cannot be used. The message names the
            variable and the reason, and quotes nothing of the file.
    """
    names = [name.removesuffix(_SUFFIX) for name in fields if name.endswith(_SUFFIX)]
    named = {name: values[name + _SUFFIX] for name in names if values.get(name + _SUFFIX)}
    for name in named:
        if values.get(name) is not None:
            raise ValueError(f"{_variable(name)} and {_variable(name)}_FILE exclude each other")
    return values | {name: _text(name, Path(file)) for name, file in named.items()}


def _text(name: str, file: Path) -> str:
    fault = f"{_variable(name)}_FILE: the file {file} "
    try:
        text = file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ValueError(f"{fault}cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{fault}is no UTF-8 text") from error
    if not text:
        raise ValueError(f"{fault}is empty")
    return text


def _variable(name: str) -> str:
    return f"RETOUCH_{name.upper()}"
