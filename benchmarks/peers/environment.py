"""The environment of a peer, and what it has made of a checkpoint."""

import subprocess
import sys
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

REQUIREMENTS: Final = Path(__file__).parent / "requirements"
# optimum-intel asks for it and does without: PyPI's fits no PyTorch that is built for CPUs alone.
UNUSED: Final = "torchvision"
CHECKPOINT: Final = "{checkpoint}"
CONVERTED: Final = "{converted}"


@dataclass(frozen=True)
class Environment:
    """A virtual environment that holds one peer.

    Attributes:
        name: of its requirements.
        kept: folder for environments and converted checkpoints, kept between runs.
    """

    name: str
    kept: Path

    @property
    def binaries(self) -> Path:
        """Where its programs are."""
        return self._folder / "bin"

    @property
    def _folder(self) -> Path:
        return self.kept / "environments" / self.name

    def install(self) -> None:
        """Make it, if it is not there with the requirements of today."""
        wanted, done = REQUIREMENTS / f"{self.name}.txt", self._folder / "installed.txt"
        if done.exists() and done.read_text() == wanted.read_text():
            return
        venv.create(self._folder, with_pip=True, clear=True)
        pip = (str(self.binaries / "python"), "-m", "pip")
        _run([*pip, "install", "--quiet", "--requirement", str(wanted)])
        _run([*pip, "uninstall", "--quiet", "--yes", UNUSED])
        done.write_text(wanted.read_text())

    def converted(self, checkpoint: Path, command: Sequence[str]) -> Path:
        """What a command of the environment makes of a checkpoint, made at its first use.

        Args:
            checkpoint: folder of the checkpoint; its name stands for what it holds.
            command: with `CHECKPOINT` and `CONVERTED` where the two folders belong.
        """
        converted = self.kept / "converted" / f"{checkpoint.name}-{self.name}"
        if not converted.exists():
            unfinished = converted.with_name(f"{converted.name}.unfinished")
            folders = {CHECKPOINT: str(checkpoint), CONVERTED: str(unfinished)}
            program, *arguments = command
            _run([str(self.binaries / program), *(folders.get(a, a) for a in arguments)])
            unfinished.rename(converted)
        return converted


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, check=True, stdout=sys.stderr)  # noqa: S603 - ours
