"""The locks of the images, and what they have to hold."""

import itertools
import re
from collections.abc import Iterator, Sequence
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FOLDER = Path("docker/requirements")
_PIN = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^\s;]+)")
_HASH = re.compile(r"^ +--hash=sha256:[0-9a-f]{64}( \\)?$")


def pins(lock: Path) -> dict[str, str]:
    """The versions in a lock, by canonical name."""
    found = (_PIN.match(line) for line in lock.read_text().splitlines())
    return {canonicalize_name(pin["name"]): pin["version"] for pin in found if pin}


def unhashed(lock: Path) -> list[str]:
    """The packages of a lock for which it names no file."""
    lines = lock.read_text().splitlines()
    following = itertools.pairwise(lines)
    return [line for line, after in following if _PIN.match(line) and not _HASH.match(after)]


def direct(extra: str) -> set[str]:
    """The packages that `retouch[extra]` asks for itself."""
    return {name for name, _ in _asked("retouch", [extra])}


def closure(extra: str) -> set[str]:
    """The packages that `retouch[extra]` takes with all that they need, here and now."""
    seen: set[tuple[str, tuple[str, ...]]] = set()
    waiting: list[tuple[str, tuple[str, ...]]] = [("retouch", (extra,))]
    while waiting:
        package = waiting.pop()
        if package not in seen:
            seen.add(package)
            waiting += _asked(*package)
    return {name for name, _ in seen} - {"retouch"}


def _asked(package: str, extras: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for text in requires(package) or []:
        asked = Requirement(text)
        applies = asked.marker is None or any(
            asked.marker.evaluate({"extra": extra}) for extra in (*extras, "")
        )
        if applies:
            yield canonicalize_name(asked.name), tuple(sorted(asked.extras))
