"""Reads from Triton's log which models load, which don't, and why."""

import re
from dataclasses import dataclass

_LOADED = re.compile(r"\"successfully loaded '(?P<model>.+)'\"")
# The reason's first line only: the rest is a traceback, with its line ends escaped.
_FAILED = re.compile(
    r"\"failed to load '(?P<model>.+?)' version \d+: (?:\w+: )?(?P<reason>.*?)(?:\\n|\"$)"
)
_UNREADABLE = re.compile(r"\"Poll failed for model directory '(?P<model>.+?)': (?P<reason>.*)\"$")
# Triton names only the file; the parser's own line, written before, says what is wrong in it.
_SYNTAX = re.compile(r"Error parsing text-format inference\.ModelConfig: (?P<reason>.*)$")


@dataclass(frozen=True)
class ModelLoaded:
    """A model is ready to serve."""

    model: str


@dataclass(frozen=True)
class ModelFailed:
    """A model can't be loaded."""

    model: str
    reason: str


@dataclass(frozen=True)
class SyntaxFault:
    """A config.pbtxt can't be parsed; the next `ModelFailed` names the model."""

    reason: str


LogEvent = ModelLoaded | ModelFailed | SyntaxFault


def read_event(line: str) -> LogEvent | None:
    """What a line of Triton's log tells about the models, if anything."""
    if match := _LOADED.search(line):
        return ModelLoaded(match["model"])
    if match := _FAILED.search(line) or _UNREADABLE.search(line):
        return ModelFailed(match["model"], match["reason"])
    if match := _SYNTAX.search(line):
        return SyntaxFault(match["reason"])
    return None


class LoadReport:
    """Collects the failures of one start."""

    def __init__(self) -> None:
        self._failures: dict[str, str] = {}
        self._syntax = ""

    def add(self, event: LogEvent) -> None:
        """Take note of an event."""
        match event:
            case SyntaxFault(reason):
                self._syntax = reason
            case ModelFailed(model, reason):
                self._failures[model] = f"{reason}: {self._syntax}" if self._syntax else reason
                self._syntax = ""
            case ModelLoaded():
                pass

    def explain(self) -> str:
        """One line naming every model that did not load and why; empty if all did."""
        return "; ".join(f"model {name}: {reason}" for name, reason in self._failures.items())
