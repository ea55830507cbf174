"""A peer's program, alive between its turns."""

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from benchmarks.environments import ProgramFailed, failure_of
from benchmarks.peers.programs.task import READY, SAYS
from benchmarks.peers.turns import Edit


@contextmanager
def conversation(command: Sequence[str], folder: Path) -> Iterator[Edit]:
    """Start a program that ends in `programs.task.measure`; it ends with the context.

    Args:
        command: the program and its arguments.
        folder: to run it in.

    Raises:
        ProgramFailed: it ends before it is ready, or, out of `Edit`, before it answers.
    """
    with (
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(  # noqa: S603 - ours
            command,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as program,
    ):

        def edit(count: int, take: int, steps: int) -> float:
            _tell(program, f"{count} {take} {steps}\n")
            return float(_heard(program, errors))

        try:
            if (said := _heard(program, errors)) != READY:
                raise ProgramFailed(f"it said {said!r} before it was ready")
            yield edit
        finally:
            program.kill()


def _tell(program: "subprocess.Popen[str]", words: str) -> None:
    assert program.stdin is not None  # noqa: S101 - it was started with a pipe
    try:
        program.stdin.write(words)
        program.stdin.flush()
    except BrokenPipeError:  # what it has said at its end tells more
        return


def _heard(program: "subprocess.Popen[str]", errors: IO[str]) -> str:
    """The next words that are for us."""
    assert program.stdout is not None  # noqa: S101 - it was started with a pipe
    heard = ""
    for line in program.stdout:
        if line.startswith(SAYS):
            return line.removeprefix(SAYS).strip()
        heard += line
    errors.seek(0)
    raise failure_of(program.wait(), f"{heard}\n{errors.read()}")
