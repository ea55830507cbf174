"""The compose file as an engine sees it: with anchors merged and variables filled in."""

import re
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path("docker")
FILE = FOLDER / "compose.yaml"
ENVIRONMENT = FOLDER / ".env.example"
VARIABLE = re.compile(r"\$\{(\w+)[^}]*\}")
_ASSIGNMENT = re.compile(r"^(\w+)=(.*)$", re.MULTILINE)
Mapping = dict[str, Any]


def example() -> dict[str, str]:
    """The variables that an operator copies."""
    return dict(_ASSIGNMENT.findall(ENVIRONMENT.read_text()))


def composed(**variables: str) -> Mapping:
    """The file with the example's values, or others."""
    values = example() | variables
    filled = VARIABLE.sub(lambda found: values[found[1]], FILE.read_text())
    document: Mapping = yaml.safe_load(filled)
    return document


def services() -> dict[str, Mapping]:
    """All services, of whichever profile."""
    found: dict[str, Mapping] = composed()["services"]
    return found


def networks_of(service: Mapping) -> set[str]:
    """The names of a service's networks."""
    return set(service["networks"])


def seconds(duration: str) -> int:
    """A duration such as 150s or 10m."""
    return int(duration[:-1]) * {"s": 1, "m": 60}[duration[-1]]
