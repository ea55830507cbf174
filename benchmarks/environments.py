"""Python environments of other people's programs, beside this project's own."""

import subprocess
import sys
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path


class ProgramFailed(RuntimeError):
    """Somebody else's program has failed, or cannot be had; the message is a line for a table."""


def installed(
    folder: Path, requirements: Path, *, options: Sequence[str] = (), unused: Sequence[str] = ()
) -> Path:
    """Return the folder of an environment's programs, made if it is not there as of today.

    Args:
        folder: the environment's, kept between runs.
        requirements: what pip installs; another text makes the environment anew.
        options: of pip.
        unused: packages that come along and are removed again.

    Raises:
        ProgramFailed: pip has failed.
    """
    programs, done = folder / "bin", folder / "installed.txt"
    if not (done.exists() and done.read_text() == requirements.read_text()):
        venv.create(folder, with_pip=True, clear=True)
        pip = [str(programs / "python"), "-m", "pip"]
        run([*pip, "install", "--quiet", *options, "--requirement", str(requirements)])
        if unused:
            run([*pip, "uninstall", "--quiet", "--yes", *unused])
        done.write_text(requirements.read_text())
    return programs


def run(
    command: Sequence[str],
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> str:
    """Run a program and return what it has printed.

    Args:
        command: the program and its arguments.
        folder: to run it in; default: this process's.
        environment: its variables; default: this process's.

    Raises:
        ProgramFailed: its exit code is not 0; with the last line that it has said. All of it is
            shown.
    """
    done = subprocess.run(  # noqa: S603 - ours
        command, cwd=folder, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise failure_of(done.returncode, f"{done.stdout}\n{done.stderr}")
    return done.stdout


def failure_of(code: int, said: str) -> ProgramFailed:
    """Show all that a program has said, and return its exit code and the last line as an error."""
    said = said.strip()
    print(said, file=sys.stderr)  # noqa: T201
    last = said.rpartition("\n")[2].strip()
    return ProgramFailed(f"exit code {code}: {last}")
