"""Graphs as OpenVINO compiles them for the CPU: settings, precision, cache."""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openvino as ov

from retouch.backends.compiled_cache import cached
from retouch.backends.declaration import Declaration
from retouch.backends.engine import EngineError

DEVICE = "CPU"
BF16, FP32 = "bf16", "f32"
Shapes = Mapping[str, tuple[int, ...]]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Variant:
    """One of the ways in which a model's graph is compiled.

    Attributes:
        streams: calls that are computed side by side, sharing the cores.
        shapes: of the inputs; empty = as the graph has them.
        name: tells it from the other variants of the model.
    """

    streams: int
    shapes: Shapes
    name: str = ""


def compiled(declaration: Declaration, variant: Variant) -> ov.CompiledModel:
    """Compile a model's graph, or read what was kept of that; raises `EngineError`."""
    properties = _properties(declaration) | {"NUM_STREAMS": variant.streams}

    def compile_model(cache: Path | None) -> ov.CompiledModel:
        keep = {} if cache is None else {"CACHE_DIR": str(cache)}
        core = ov.Core()
        if not variant.shapes:  # a graph that was kept compiled need not be read
            return core.compile_model(declaration.model_file, DEVICE, properties | keep)
        graph = core.read_model(declaration.model_file)
        graph.reshape({name: list(shape) for name, shape in variant.shapes.items()})
        return core.compile_model(graph, DEVICE, properties | keep)

    if not declaration.model_file.is_file():
        raise EngineError(f"{declaration.name}: there is no file {declaration.model_file}")
    settings = (sorted(properties.items()), sorted(variant.shapes.items()))
    try:
        return cached(
            declaration.name + variant.name, _key(declaration.model_file, settings), compile_model
        )
    except RuntimeError as error:  # the only class that OpenVINO raises
        raise EngineError(f"{declaration.name}: {error}") from error


def has_bf16() -> bool:
    """Whether this CPU computes in bfloat16 itself (AVX512-BF16 or AMX)."""
    return "BF16" in ov.Core().get_property(DEVICE, "OPTIMIZATION_CAPABILITIES")


def _properties(declaration: Declaration) -> dict[str, Any]:
    """OpenVINO's settings, from the parameters of the native backend's names."""
    return {
        # 0 = one for each physical core that the process may use.
        "INFERENCE_NUM_THREADS": declaration.integer("INFERENCE_NUM_THREADS"),
        "INFERENCE_PRECISION_HINT": _precision(declaration),
        # Every model has a process: pinned threads of two of them would meet on the same cores.
        "ENABLE_CPU_PINNING": False,
    }


def _precision(declaration: Declaration) -> str:
    """bfloat16 where the config wants it and the CPU has it."""
    if "HINT_BF16" not in declaration.parameters:
        return FP32
    value = declaration.parameters.text("HINT_BF16")
    if value.lower() != "yes":
        raise EngineError(f"{declaration.name}: HINT_BF16 = {value!r} must be YES or left out")
    if has_bf16():
        return BF16
    logger.warning("%s: this CPU has no bfloat16, so it computes in fp32", declaration.name)
    return FP32


def _key(graph: Path, settings: object) -> str:
    """A digest of all that a compiled model depends on: graph, weights, settings, program, CPU."""
    files = [(path.name, path.stat()) for path in sorted(graph.parent.iterdir()) if path.is_file()]
    parts = [
        graph.resolve(),
        *((name, stat.st_size, stat.st_mtime_ns) for name, stat in files),
        settings,
        ov.get_version(),
        ov.Core().get_property(DEVICE, "FULL_DEVICE_NAME"),
        ov.Core().get_property(DEVICE, "OPTIMIZATION_CAPABILITIES"),
    ]
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
