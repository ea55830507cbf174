"""buildah and podman, as they work without a service: with a storage of our own."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

PROGRAMS = ("buildah", "podman", "runc", "mmdebstrap", "ip")
# The hard limits that podman wants to set are above those of some machines.
_LIMITS = ("--ulimit=nofile=1024:4096", "--ulimit=nproc=4096:4096")


def missing() -> list[str]:
    """What keeps this machine from running containers, in words."""
    absent = [f"{name} is not installed" for name in PROGRAMS if shutil.which(name) is None]
    return absent if os.geteuid() == 0 else [*absent, "tests do not run as root"]


@dataclass(frozen=True)
class Engine:
    """Builds images and runs containers; all that it keeps lies in `folder`."""

    folder: Path
    storage_driver: str

    @classmethod
    def of(cls, folder: Path) -> Self:
        """With layers that lie upon each other if the kernel can do that here, else copied."""
        overlay = cls(folder / "overlay", "overlay")
        overlay.folder.mkdir(parents=True, exist_ok=True)
        if (
            subprocess.run([*overlay._command("podman"), "info"], capture_output=True).returncode
            == 0
        ):
            return overlay
        copied = cls(folder / "vfs", "vfs")
        copied.folder.mkdir(parents=True, exist_ok=True)
        return copied

    def has_image(self, name: str) -> bool:
        """Whether an image of this name is there."""
        command = [*self._command("podman"), "image", "exists", name]
        return subprocess.run(command).returncode == 0

    def load(self, root: Path, name: str) -> None:
        """Make an image of a tar file of a root folder."""
        self.podman("import", "--quiet", str(root), name)

    def build(self, dockerfile: Path, name: str, context: Path, options: Sequence[str]) -> None:
        """Build a Dockerfile, from images that are there already."""
        run(
            [
                *self._command("buildah"),
                *("bud", "--isolation=chroot", "--network=host", "--format=docker"),
                *("--pull-never", "--quiet", f"--file={dockerfile}", f"--tag={name}"),
                *options,
                str(context),
            ]
        )

    def start(self, image: str, name: str, options: Sequence[str], *command: str) -> None:
        """Start a container in the background."""
        self.podman("run", "--detach", f"--name={name}", *_LIMITS, *options, image, *command)

    def inside(self, name: str, *command: str) -> str:
        """Run a command in a running container, and return what it prints."""
        return self.podman("exec", name, *command)

    def podman(self, *arguments: str) -> str:
        """Run podman, and return what it prints."""
        runtime = ("--runtime=runc", "--cgroup-manager=cgroupfs")
        return run([*self._command("podman"), *runtime, *arguments])

    def _command(self, program: str) -> list[str]:
        places = (f"--root={self.folder / 'images'}", f"--runroot={self.folder / 'run'}")
        return [program, *places, f"--storage-driver={self.storage_driver}"]


def run(command: Sequence[str], **variables: str) -> str:
    """Run a command to its end; its words are the error's if it fails."""
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | variables)
    assert done.returncode == 0, f"{command} failed:\n{done.stdout}{done.stderr}"
    return done.stdout.strip()
