"""ONNX graphs and OpenVINO's own, in OpenVINO on the CPU.

The number of rows stays free: a model compiled for each number would be 4 % faster for a UNet of
Stable Diffusion 1.5's size, but OpenVINO shares no packed weights between compiled models. All
other dimensions are fixed by the exported graph.
"""

import hashlib
import logging
from pathlib import Path
from typing import Any

import openvino as ov

from retouch.backends.compiled_cache import cached
from retouch.backends.declaration import Declaration
from retouch.backends.engine import Array, EngineError, Tensors

DEVICE = "CPU"
BF16, FP32 = "bf16", "f32"

logger = logging.getLogger(__name__)


class OpenVinoEngine:
    """A graph that OpenVINO has compiled."""

    def __init__(self, declaration: Declaration) -> None:
        """Compile the graph; raises `EngineError` if it or its config is not usable."""
        if declaration.on_gpu:
            raise EngineError(f"{declaration.name}: this backend runs on the CPU: use KIND_CPU")
        self._declaration = declaration
        model = _compiled(declaration)
        declaration.check_names(
            _names(model.inputs, declaration.inputs), _names(model.outputs, declaration.outputs)
        )
        self._shapes = {name: model.input(name).partial_shape for name in declaration.inputs}
        self._request = model.create_infer_request()

    def run(self, inputs: Tensors, output_names: list[str]) -> dict[str, Array]:
        """Compute the named outputs; raises `ValueError` if the inputs don't fit."""
        self._check(inputs)
        try:
            self._request.infer(dict(inputs), share_inputs=True)
        except RuntimeError:  # it leaves shapes behind with which the next call would fail too
            self._request = _compiled(self._declaration).create_infer_request()
            raise
        return {name: self._request.get_tensor(name).data.copy() for name in output_names}

    def _check(self, inputs: Tensors) -> None:
        """For a missing input OpenVINO would take that of an earlier call."""
        if inputs.keys() != self._shapes.keys():
            raise ValueError(f"the inputs are {sorted(inputs)}, not {sorted(self._shapes)}")
        for name, shape in self._shapes.items():
            if not shape.compatible(ov.PartialShape(list(inputs[name].shape))):
                raise ValueError(f"{name} is of shape {list(inputs[name].shape)}, not {shape}")
        free = [name for name, shape in self._shapes.items() if shape[0].is_dynamic]
        rows = {name: len(inputs[name]) for name in free}
        if len(set(rows.values())) > 1:
            raise ValueError(f"the inputs differ in rows: {rows}")


def has_bf16() -> bool:
    """Whether this CPU computes in bfloat16 itself (AVX512-BF16 or AMX)."""
    return "BF16" in ov.Core().get_property(DEVICE, "OPTIMIZATION_CAPABILITIES")


def _compiled(declaration: Declaration) -> ov.CompiledModel:
    properties = _properties(declaration)

    def compile_model(cache: Path | None) -> ov.CompiledModel:
        keep = {} if cache is None else {"CACHE_DIR": str(cache)}
        return ov.Core().compile_model(declaration.model_file, DEVICE, properties | keep)

    if not declaration.model_file.is_file():
        raise EngineError(f"{declaration.name}: there is no file {declaration.model_file}")
    try:
        return cached(declaration.name, _key(declaration.model_file, properties), compile_model)
    except RuntimeError as error:  # the only class that OpenVINO raises
        raise EngineError(f"{declaration.name}: {error}") from error


def _properties(declaration: Declaration) -> dict[str, Any]:
    """OpenVINO's settings, from the parameters of the native backend's names."""
    return {
        # 0 = one for each physical core that the process may use.
        "INFERENCE_NUM_THREADS": declaration.integer("INFERENCE_NUM_THREADS"),
        # More streams would share the cores: the loop's one call at a time would be slower.
        "NUM_STREAMS": declaration.integer("NUM_STREAMS") or 1,
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


def _key(graph: Path, properties: dict[str, Any]) -> str:
    """A digest of all that a compiled model depends on: graph, weights, settings, program, CPU."""
    files = [(path.name, path.stat()) for path in sorted(graph.parent.iterdir()) if path.is_file()]
    parts = [
        graph.resolve(),
        *((name, stat.st_size, stat.st_mtime_ns) for name, stat in files),
        sorted(properties.items()),
        ov.get_version(),
        ov.Core().get_property(DEVICE, "FULL_DEVICE_NAME"),
        ov.Core().get_property(DEVICE, "OPTIMIZATION_CAPABILITIES"),
    ]
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def _names(ports: list[Any], declared: tuple[str, ...]) -> set[str]:
    """One name for each tensor: the declared one, if it is among those that the tensor has."""
    return {next(iter(port.names.intersection(declared) or port.names)) for port in ports}
