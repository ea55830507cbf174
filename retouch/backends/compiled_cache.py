"""Compiled models on disk, so that the second start is fast.

OpenVINO's own cache writes its files in place, where another process could read half of one. Here
every compilation writes into a folder of its own, which gets its final name when it is complete.

    FOLDER/<model>/<key>/              complete: read by any number of processes
    FOLDER/<model>/<key>.<random>/     being written by one process
"""

import contextlib
import logging
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

# Where the cache is; not set or empty, nothing is kept.
FOLDER_VARIABLE = "RETOUCH_ENGINE_CACHE"

logger = logging.getLogger(__name__)
ModelT = TypeVar("ModelT")
Compile = Callable[[Path | None], ModelT]


def cached(model_name: str, key: str, compile_model: Compile[ModelT]) -> ModelT:
    """Compile a model with what the cache has of it, and keep what it lacks.

    A cache that can't be written costs time and is no error.

    Args:
        model_name: whose compiled model it is; it has one at a time, older ones are deleted.
        key: differs when anything differs that the compiled model depends on.
        compile_model: gets the folder to read from or to write to, or None for neither.
    """
    folder = os.environ.get(FOLDER_VARIABLE)
    if not folder:
        return compile_model(None)
    complete = Path(folder) / model_name / key
    if complete.is_dir():
        return compile_model(complete)
    try:
        complete.parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=f"{key}.", dir=complete.parent))
    except OSError as error:
        logger.warning("%s: the compiled model is not kept: %s", model_name, error)
        return compile_model(None)
    try:
        model = compile_model(unfinished)
        _publish(unfinished, complete)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return model


def _publish(unfinished: Path, complete: Path) -> None:
    """Give the folder its final name, unless another process was faster."""
    with contextlib.suppress(OSError):
        unfinished.rename(complete)
    for other in complete.parent.iterdir():
        if other.name.partition(".")[0] != complete.name:
            shutil.rmtree(other, ignore_errors=True)
