"""Who computes a model's networks, by its configs."""

import os
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.report.row import Subject
from retouch.releases.configs import CONFIG_FILE, read_config

_THREADS = ("intra_op_thread_count", "INFERENCE_NUM_THREADS")
_BF16 = "HINT_BF16"


def subject_of(repository: Path, model: str) -> Subject:
    """The engine of a model's UNet; where its config leaves the threads open, as many as cores."""
    config = read_config(repository / f"{model}.unet" / CONFIG_FILE)
    parameters = {name: value.string_value for name, value in config.parameters.items()}
    threads = [int(parameters[name]) for name in _THREADS if name in parameters]
    words = [config.backend, _version(config.backend), "bf16" if _BF16 in parameters else ""]
    return Subject(
        checkpoint=model,
        engine=" ".join(filter(None, words)),
        threads=next(filter(None, threads), len(os.sched_getaffinity(0))),
    )


def _version(backend: str) -> str:
    """Of the Python package of this name; nothing where the engine is Triton's own."""
    try:
        return version(backend)
    except PackageNotFoundError:
        return ""
