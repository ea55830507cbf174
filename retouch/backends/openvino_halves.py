"""Calls in two halves, which OpenVINO computes side by side, each on half of the cores.

Half as many cores wait for each other, and with fixed shapes OpenVINO plans its memory and picks
its kernels once: a UNet of Stable Diffusion 1.5's size in bf16 takes 0.90 to 0.95 of the time for
2 rows on two cores. It costs a second copy of the packed weights.
"""

from collections.abc import Mapping
from typing import Any, Final, Self

import numpy as np
import openvino as ov

from retouch.backends.declaration import Declaration
from retouch.backends.engine import Array, EngineError, Tensors
from retouch.backends.openvino_compiled import Shapes, Variant, compiled

PARAMETER: Final = "CALLS_IN_HALVES"
"""Of a config: JSON, the "rows" of a half, and the sizes of inputs with other free dimensions."""
_HALVES: Final = 2


class Halves:
    """A graph for one number of rows, which computes twice as many.

    Args:
        model: the graph, compiled for two calls at once.
        shapes: of a half's inputs; their first dimension is the rows.
    """

    def __init__(self, model: ov.CompiledModel, shapes: Shapes) -> None:
        self._requests = [model.create_infer_request() for _ in range(_HALVES)]
        self._shapes = shapes
        self._half_rows = next(iter(shapes.values()))[0]

    @classmethod
    def of(cls, declaration: Declaration, graph: ov.CompiledModel) -> Self | None:
        """Those that a model's config asks for, if it does.

        Args:
            declaration: the model's.
            graph: the same as the graph has it; the first dimension of its inputs is the rows.

        Raises:
            EngineError: the parameter is none, or does not fit the graph.
        """
        if PARAMETER not in declaration.parameters:
            return None
        free = {name: graph.input(name).partial_shape for name in declaration.inputs}
        try:
            shapes = _shapes(free, declaration.parameters.mapping(PARAMETER))
        except (KeyError, TypeError, ValueError, RuntimeError) as error:
            message = f"{declaration.name}: {PARAMETER} does not fit the graph: {error}"
            raise EngineError(message) from error
        return cls(compiled(declaration, Variant(_HALVES, shapes, ".halves")), shapes)

    @property
    def rows(self) -> int:
        """Of both halves."""
        return _HALVES * self._half_rows

    def can_begin(self, inputs: Tensors) -> bool:
        """Whether it can compute as many of the inputs' first rows as it takes."""
        return all(
            len(inputs[name]) >= self.rows and inputs[name].shape[1:] == shape[1:]
            for name, shape in self._shapes.items()
        )

    def run(self, inputs: Tensors, output_names: list[str]) -> dict[str, Array]:
        """Compute the named outputs of the inputs' first rows, as many as it takes."""
        for number, request in enumerate(self._requests):
            request.start_async(self._half(inputs, number), share_inputs=True)
        for request in self._requests:
            request.wait()
        return {
            name: np.concatenate([request.get_tensor(name).data for request in self._requests])
            for name in output_names
        }

    def _half(self, inputs: Tensors, number: int) -> dict[str, Array]:
        part = slice(number * self._half_rows, (number + 1) * self._half_rows)
        return {name: np.ascontiguousarray(inputs[name][part]) for name in self._shapes}


def _shapes(free: Mapping[str, ov.PartialShape], sizes: Mapping[str, Any]) -> Shapes:
    """A half's inputs: the graph's, with a number for each free dimension."""
    rows = int(sizes["rows"])
    shapes = {}
    for name, shape in free.items():
        sized = sizes[name] if name in sizes else [size.get_length() for size in list(shape)[1:]]
        shapes[name] = (rows, *map(int, sized))
        if rows < 1 or not shape.compatible(ov.PartialShape(list(shapes[name]))):
            raise ValueError(f"{name} is of shape {shape}, not {list(shapes[name])}")
    return shapes
