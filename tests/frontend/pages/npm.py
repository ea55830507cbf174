"""Tools of the npm registry that the tests of the pages use; no page needs any."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.conformance.toolchain import NODE, NPM, install_once

_VERSIONS: Final = {"axe-core": "4.14.1", "typescript": "7.0.2"}


def package(name: str) -> Path:
    """The folder of an installed package."""
    folder = Path(sys.prefix) / "pages" / f"{name}-{_VERSIONS[name]}"

    def install() -> None:
        folder.mkdir()
        wanted = {"private": True, "dependencies": {name: _VERSIONS[name]}}
        (folder / "package.json").write_text(json.dumps(wanted))
        options = ("--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error")
        subprocess.run([str(NODE), str(NPM), "install", *options], cwd=folder, check=True)

    install_once(folder, install)
    return folder / "node_modules" / name
