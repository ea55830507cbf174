"""A file system of its own that is soon full."""

import contextlib
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.servers.process import program


@dataclass(frozen=True)
class SmallDisk:
    """A mounted one."""

    folder: Path

    @contextlib.contextmanager
    def full(self, but_bytes: int = 0) -> Iterator[None]:
        """While something else takes all of the room, but for a rest."""
        ballast = self.folder / "ballast"
        try:
            with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
                while file.write(bytes(4096)):
                    pass
            with ballast.open("r+b") as file:
                file.truncate(ballast.stat().st_size - but_bytes)
            yield
        finally:
            ballast.unlink()


@contextlib.contextmanager
def small_disk(folder: Path, mebibytes: int) -> Iterator[SmallDisk]:
    """Mount one at `folder` for the time of the context, which takes root."""
    folder.mkdir()
    options = f"size={mebibytes}m,mode=0700"
    command = [str(program("mount", "mount")), "-t", "tmpfs", "-o", options]
    subprocess.run([*command, "retouch-tests", folder], check=True)
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run([program("umount", "mount"), "--lazy", folder], check=True)
