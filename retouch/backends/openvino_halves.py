"""Calls in two halves, which OpenVINO computes side by side, each on half of the cores.

Half as many cores wait for each other, and with fixed shapes OpenVINO plans its memory and picks
its kernels once. On two cores a UNet of Stable Diffusion 1.5's size in bf16 takes 0.90 of the time
for 2 rows and 0.91 for 8 and more. Each number of rows costs another copy of the packed weights.
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
    """A graph for one number of rows, which computes twice as many."""

    def __init__(self, model: ov.CompiledModel, shapes: Shapes) -> None:
        self._requests = [model.create_infer_request() for _ in range(_HALVES)]
        self._shapes = shapes

    @classmethod
    def all_of(cls, declaration: Declaration, graph: ov.CompiledModel) -> list[Self]:
        """Those that a model's config asks for, the largest first.

        Args:
            declaration: the model's.
            graph: the same as the graph has it; the first dimension of its inputs is the rows.

        Raises:
            EngineError: the parameter is none, or does not fit the graph.
        """
        if PARAMETER not in declaration.parameters:
            return []
        try:
            sizes = dict(declaration.parameters.mapping(PARAMETER))
            numbers = _numbers(sizes.pop("rows"))
            free = {name: graph.input(name).partial_shape for name in declaration.inputs}
            every = [_shapes(free, rows, sizes) for rows in numbers]
        except (KeyError, TypeError, ValueError, RuntimeError) as error:
            message = f"{declaration.name}: {PARAMETER} does not fit the graph: {error}"
            raise EngineError(message) from error
        return [cls(_compiled(declaration, shapes), shapes) for shapes in every]

    def can_begin(self, inputs: Tensors) -> bool:
        """Whether it can compute as many of the inputs' first rows as it takes."""
        return all(
            len(inputs[name]) >= _HALVES * shape[0] and inputs[name].shape[1:] == shape[1:]
            for name, shape in self._shapes.items()
        )

    @property
    def rows(self) -> int:
        """Of both halves."""
        return _HALVES * next(iter(self._shapes.values()))[0]

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
        rows = self.rows // _HALVES
        part = slice(number * rows, (number + 1) * rows)
        return {name: np.ascontiguousarray(inputs[name][part]) for name in self._shapes}


def _numbers(rows: object) -> list[int]:
    if not isinstance(rows, list) or not all(isinstance(n, int) and n > 0 for n in rows):
        raise TypeError(f"rows = {rows!r} is no list of numbers above 0")
    return sorted(set(rows), reverse=True)


def _shapes(free: Mapping[str, ov.PartialShape], rows: int, sizes: Mapping[str, Any]) -> Shapes:
    """The inputs' shapes: the graph's, with a number for each free dimension."""
    shapes = {}
    for name, shape in free.items():
        sized = sizes[name] if name in sizes else [size.get_length() for size in list(shape)[1:]]
        shapes[name] = (rows, *map(int, sized))
        if not shape.compatible(ov.PartialShape(list(shapes[name]))):
            raise ValueError(f"{name} is of shape {shape}, not {list(shapes[name])}")
    return shapes


def _compiled(declaration: Declaration, shapes: Shapes) -> ov.CompiledModel:
    rows = next(iter(shapes.values()))[0]
    return compiled(declaration, Variant(_HALVES, shapes, f".halves-of-{rows}"))
