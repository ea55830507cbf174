"""ONNX graphs and OpenVINO's own, in OpenVINO on the CPU.

The number of rows stays free: OpenVINO shares no packed weights between compiled models. Where a
config asks for it, a second one computes rows in two halves. All other dimensions are fixed by the
exported graph.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import openvino as ov

from retouch.backends.declaration import Declaration
from retouch.backends.engine import Array, EngineError, Tensors
from retouch.backends.openvino_compiled import Variant, compiled
from retouch.backends.openvino_halves import Halves

Call = Callable[[Tensors, list[str]], dict[str, Array]]


class OpenVinoEngine:
    """A graph that OpenVINO has compiled."""

    def __init__(self, declaration: Declaration) -> None:
        """Compile the graph; raises `EngineError` if it or its config is not usable."""
        if declaration.on_gpu:
            raise EngineError(f"{declaration.name}: this backend runs on the CPU: use KIND_CPU")
        self._declaration = declaration
        model = self._compiled()
        declaration.check_names(
            _names(model.inputs, declaration.inputs), _names(model.outputs, declaration.outputs)
        )
        self._shapes = {name: model.input(name).partial_shape for name in declaration.inputs}
        self._request = model.create_infer_request()
        self._halves = Halves.of(declaration, model)

    def run(self, inputs: Tensors, output_names: list[str]) -> dict[str, Array]:
        """Compute the named outputs; raises `ValueError` if the inputs don't fit."""
        self._check(inputs)
        parts = [call(part, output_names) for call, part in self._calls(inputs)]
        if len(parts) == 1:
            return parts[0]
        return {name: np.concatenate([part[name] for part in parts]) for name in output_names}

    def _calls(self, inputs: Tensors) -> Iterator[tuple[Call, Tensors]]:
        """Who computes which rows: halves as far as they fit."""
        rest, halves = inputs, self._halves
        while halves and halves.can_begin(rest):
            yield halves.run, rest
            rest = {name: value[halves.rows :] for name, value in rest.items()}
        if rest is inputs or len(next(iter(rest.values()))):
            yield self._whole, rest

    def _whole(self, inputs: Tensors, output_names: list[str]) -> dict[str, Array]:
        try:
            self._request.infer(dict(inputs), share_inputs=True)
        except RuntimeError:  # it leaves shapes behind with which the next call would fail too
            self._request = self._compiled().create_infer_request()
            raise
        return {name: self._request.get_tensor(name).data.copy() for name in output_names}

    def _compiled(self) -> ov.CompiledModel:
        # More streams would share the cores: the loop's one call at a time would be slower.
        streams = self._declaration.integer("NUM_STREAMS") or 1
        return compiled(self._declaration, Variant(streams, {}))

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


def _names(ports: list[Any], declared: tuple[str, ...]) -> set[str]:
    """One name for each tensor: the declared one, if it is among those that the tensor has."""
    return {next(iter(port.names.intersection(declared) or port.names)) for port in ports}
