"""The environment of a peer, and what it has made of a checkpoint."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.environments import installed, run

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
        installed(self._folder, REQUIREMENTS / f"{self.name}.txt", unused=[UNUSED])

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
            asked = [str(self.binaries / program), *(folders.get(a, a) for a in arguments)]
            run(asked)
            unfinished.rename(converted)
        return converted
