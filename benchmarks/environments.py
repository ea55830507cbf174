"""Python environments of other people's programs, beside this project's own."""

import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path


def installed(
    folder: Path, requirements: Path, *, options: Sequence[str] = (), unused: Sequence[str] = ()
) -> Path:
    """Return the folder of an environment's programs, made if it is not there as of today.

    Args:
        folder: the environment's, kept between runs.
        requirements: what pip installs; another text makes the environment anew.
        options: of pip.
        unused: packages that come along and are removed again.
    """
    programs, done = folder / "bin", folder / "installed.txt"
    if not (done.exists() and done.read_text() == requirements.read_text()):
        venv.create(folder, with_pip=True, clear=True)
        pip = [str(programs / "python"), "-m", "pip"]
        _run([*pip, "install", "--quiet", *options, "--requirement", str(requirements)])
        if unused:
            _run([*pip, "uninstall", "--quiet", "--yes", *unused])
        done.write_text(requirements.read_text())
    return programs


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, check=True, stdout=sys.stderr)  # noqa: S603 - ours
