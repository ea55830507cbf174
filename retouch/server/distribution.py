"""Where the pieces of the tritonserver lie that the `nvidia-pytriton` wheel carries."""

import sys
import sysconfig
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Self

from retouch.server.errors import TritonMissing

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
LIBPYTHON = f"libpython{PYTHON}.so.1.0"


@dataclass(frozen=True)
class TritonDistribution:
    """Paths into the installed wheel, and the interpreter's shared library."""

    root: Path
    libraries: Path
    libpython_folder: Path

    @classmethod
    def find(cls) -> Self:
        """Locate the wheel and libpython; raises `TritonMissing` with what to install."""
        spec = find_spec("pytriton")
        if spec is None or spec.origin is None:
            raise TritonMissing(
                "nvidia-pytriton is not installed: pip install 'retouch[serve]', "
                "or name a server elsewhere with --triton"
            )
        package = Path(spec.origin).parent
        return cls(
            root=package / "tritonserver",
            libraries=package.parent / "nvidia_pytriton.libs",
            libpython_folder=_libpython_folder(),
        )

    @property
    def server(self) -> Path:
        """The tritonserver executable."""
        return self.root / "bin" / "tritonserver"

    @property
    def stub(self) -> Path:
        """The process that runs Python models, in the build for this interpreter's version."""
        stub = self.root / "python_backend_stubs" / PYTHON / "triton_python_backend_stub"
        if not stub.exists():
            raise TritonMissing(f"this nvidia-pytriton runs no Python {PYTHON} models")
        return stub


def _libpython_folder() -> Path:
    """The folder of the shared libpython that the stub is linked to."""
    multiarch = sysconfig.get_config_var("MULTIARCH") or ""
    folders = (
        sysconfig.get_config_var("LIBDIR"),
        f"/usr/lib/{multiarch}",
        f"{sys.base_prefix}/lib",
    )
    for folder in folders:
        if folder and (Path(folder) / LIBPYTHON).exists():
            return Path(folder)
    raise TritonMissing(
        f"{LIBPYTHON} is missing, Triton runs Python models with it: "
        f"apt-get install libpython{PYTHON} (or a Python that was built with --enable-shared)"
    )
