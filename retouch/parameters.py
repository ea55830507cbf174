"""The `parameters` of a `config.pbtxt`, which are all strings."""

import json
from collections.abc import Callable, Mapping
from typing import TypeVar

ValueT = TypeVar("ValueT")


class Parameters:
    """A model's parameters; every method raises `ValueError` that names the parameter."""

    def __init__(self, model_config: str) -> None:
        """Reads them.

        Args:
            model_config: the model's configuration in JSON, as Triton gives it to a model.
        """
        entries = json.loads(model_config).get("parameters", {})
        self._values = {name: entry["string_value"] for name, entry in entries.items()}

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def text(self, name: str) -> str:
        """Any text."""
        return self._read(name, str, "a text")

    def integer(self, name: str) -> int:
        """A whole number."""
        return self._read(name, int, "a whole number")

    def number(self, name: str) -> float:
        """A number."""
        return self._read(name, float, "a number")

    def flag(self, name: str) -> bool:
        """`true` or `false`."""
        return self._read(name, {"true": True, "false": False}.__getitem__, "true or false")

    def mapping(self, name: str) -> Mapping[str, object]:
        """A JSON object."""
        return self._read(name, _json_object, "a JSON object")

    def _read(self, name: str, convert: Callable[[str], ValueT], kind: str) -> ValueT:
        if name not in self._values:
            raise ValueError(f"the model's configuration lacks the parameter {name}")
        try:
            return convert(self._values[name])
        except (KeyError, ValueError):
            raise ValueError(f"parameter {name} = {self._values[name]!r} is not {kind}") from None


def _json_object(text: str) -> Mapping[str, object]:
    value = json.loads(text)
    if not isinstance(value, dict):
        raise ValueError(text)  # noqa: TRY004 reported like text that is no JSON
    return value
