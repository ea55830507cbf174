"""How pip reaches the package index on this machine, for builds that know nothing of it."""

import subprocess
import sys
from ast import literal_eval
from collections.abc import Iterator
from pathlib import Path

_OPTIONS = ("cert", "client-cert", "extra-index-url", "find-links", "index-url", "trusted-host")


def build_options(folder: Path) -> list[str]:
    """pip's configuration as a secret of a build, and what it names as read-only mounts.

    Args:
        folder: where the secret's file is written.
    """
    settings = _settings()
    secret = folder / "pip.conf"
    lines = (f"{name} = {value}" for name, value in settings.items())
    secret.write_text("\n".join(["[global]", *lines, ""]))
    mounts = (f"--volume={path}:{path}:ro" for path in sorted(_paths(settings)))
    return [f"--secret=id=pip,src={secret}", *mounts]


def _settings() -> dict[str, str]:
    """What files and variables together say; of an option that is said twice, the last."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    listing = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    settings = {}
    for line in listing.splitlines():
        name, _, value = line.partition("=")
        option = name.rpartition(".")[2]
        if option in _OPTIONS:
            settings[option] = " ".join(literal_eval(value).split())
    return settings


def _paths(settings: dict[str, str]) -> Iterator[Path]:
    for value in settings.values():
        for word in value.split():
            path = Path(word.removeprefix("file://"))
            if path.is_absolute() and path.exists():
                # The folder of an index is beside the files that it names.
                yield path.parent if path.name == "simple" else path
