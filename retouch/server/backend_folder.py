"""The folder that tritonserver gets as `--backend-directory`."""

import shutil
from pathlib import Path

from retouch.server.distribution import TritonDistribution

# Engines for which Triton finds our Python-based backend; each is a module of `retouch.backends`.
ENGINES = ("onnxruntime", "openvino")


def assemble(folder: Path, distribution: TritonDistribution) -> Path:
    """Make `folder` anew: the Python backend with the stub for this interpreter, our engines.

    Returns:
        The folder.
    """
    shutil.rmtree(folder, ignore_errors=True)
    python = folder / "python"
    shutil.copytree(
        distribution.root / "backends" / "python",
        python,
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    shutil.copy2(distribution.stub, python / distribution.stub.name)
    for engine in ENGINES:
        _write_engine(folder / engine, engine)
    return folder


def _write_engine(folder: Path, engine: str) -> None:
    folder.mkdir()
    (folder / "model.py").write_text(
        f"from retouch.backends.{engine} import TritonPythonModel  # noqa: F401\n"
    )
