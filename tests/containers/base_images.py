"""The images that ours are built on, made here under the names that the Dockerfiles use."""

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.containers.engine import Engine, run

PYTHON = "docker.io/library/python:3.12-slim"
TRITON = "nvcr.io/nvidia/tritonserver:26.09-py3"
_FOLDER = Path(__file__).parent
_LOCK = Path("requirements.lock")

_PACKAGES = "ca-certificates,libpython3.11,libstdc++6,passwd,python3,python3-pip-whl"
# As the official image has them: a pip that may install, and "python".
_FINISH = """chroot "$1" sh -ec '
    ln -s python3 /usr/bin/python
    rm /usr/lib/python3*/EXTERNALLY-MANAGED
    wheel=$(ls /usr/share/python-wheels/pip-*.whl)
    python3 $wheel/pip install --root-user-action=ignore --no-index --no-cache-dir $wheel
' >&2"""
# A system that is thrown away needs neither documents nor what is safe against a power cut.
_DPKG = (
    "force-unsafe-io",
    *(f"path-exclude=/usr/share/{folder}/*" for folder in ("doc", "man", "locale")),
)


def prepare(engine: Engine, options: Sequence[str]) -> None:
    """Make both, unless an earlier run has made the same; `options` let a build reach packages."""
    stand_in = _FOLDER / "tritonserver.Dockerfile"
    python = _kept("python", _PACKAGES, _FINISH)
    triton = _kept("triton", python, stand_in.read_text(), _LOCK.read_text())
    if not engine.has_image(python):
        _make_python(engine, python)
    engine.podman("tag", python, PYTHON)
    if not engine.has_image(triton):
        _make_triton(engine, triton, stand_in, options)
    engine.podman("tag", triton, TRITON)


def _kept(name: str, *recipe: str) -> str:
    """The name under which an image is found again as long as its recipe is the same."""
    digest = hashlib.sha256("\0".join(recipe).encode()).hexdigest()
    return f"localhost/retouch-test-{name}:{digest[:16]}"


def _make_python(engine: Engine, name: str) -> None:
    with TemporaryDirectory(dir=engine.folder) as folder:
        root = Path(folder) / "root.tar"
        dpkg = [f"--dpkgopt={option}" for option in _DPKG]
        contents = ["--variant=essential", f"--include={_PACKAGES}", f"--customize-hook={_FINISH}"]
        run(["mmdebstrap", "--quiet", *dpkg, *contents, "bookworm", str(root)], TMPDIR=folder)
        engine.load(root, name)


def _make_triton(engine: Engine, name: str, dockerfile: Path, options: Sequence[str]) -> None:
    with TemporaryDirectory(dir=engine.folder) as context:
        shutil.copy(_LOCK, context)
        engine.build(dockerfile, name, Path(context), options)
