"""Python environments of other people's programs, beside this project's own."""

import subprocess
import sys
import venv
from pathlib import Path


def installed(folder: Path, requirements: Path, *options: str) -> Path:
    """Return the folder of an environment's programs, installed there unless they are.

    Args:
        folder: the environment's, kept between runs.
        requirements: what pip installs.
        options: of pip.
    """
    programs, done = folder / "bin", folder / "installed"
    if not done.exists():
        venv.create(folder, with_pip=True, clear=True)
        pip = [str(programs / "python"), "-m", "pip", "install", "--quiet", *options]
        pip += ["--requirement", str(requirements)]
        subprocess.run(pip, check=True, stdout=sys.stderr)  # noqa: S603 - ours
        done.touch()
    return programs
