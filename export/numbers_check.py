"""Compares what a graph computes with what torch computes."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from export.request import Precision
from export.samples import Array, Samples
from retouch.backends.engine import Engine

# The largest difference allowed: in pixel values of 255, and as a share of the largest value.
# bf16 has 3 bits less than fp16: trained networks were found to be 0.5 to 3 % and 6 values off.
# A network that magnifies rounding more than that is not fit for it. int8 is compared with fp32 in
# an edit that it was not quantised by: the largest difference of a trained network was 23 %.
PIXEL_STEPS = {Precision.FP32: 1, Precision.FP16: 4, Precision.BF16: 12}
RELATIVE = {
    Precision.FP32: 2e-4,
    Precision.FP16: 5e-2,
    Precision.BF16: 5e-2,
    Precision.INT8: 0.5,
    Precision.FP8: 0.5,
}


@dataclass(frozen=True)
class Expectation:
    """Inputs and what torch computes from them."""

    inputs: Samples
    outputs: list[Array]


def expect(network: nn.Module, inputs: Samples) -> Expectation:
    """Runs the torch module.

    Args:
        network: In fp32, whatever the graph computes in.
        inputs: In the order of the module's parameters.
    """
    with torch.inference_mode():
        outputs = network(*(torch.from_numpy(array) for array in inputs.values()))
    if isinstance(outputs, torch.Tensor):
        outputs = (outputs,)
    return Expectation(inputs, [output.numpy() for output in outputs])


def number_problems(
    load: Callable[[], Engine],
    names: list[str],
    expectations: list[Expectation],
    precision: Precision,
) -> list[str]:
    """Runs the graph on the same inputs, in the engine that is to serve it.

    Args:
        load: Loads the graph.
        names: Of its outputs, in torch's order.
        expectations: What torch computes.
        precision: What the engine computes in.

    Returns:
        One line for each output of each batch that is too far from torch's, or of another shape;
        one if it does not run at all.
    """
    try:
        engine = load()
        runs = [engine.run(expectation.inputs, names) for expectation in expectations]
    except Exception as error:  # the libraries' errors have no class in common
        return [f"the engine cannot run the graph: {error}"]
    return [
        problem
        for expectation, outputs in zip(expectations, runs, strict=True)
        for name, wanted in zip(names, expectation.outputs, strict=True)
        for problem in _difference(name, outputs[name], wanted, precision)
    ]


def _difference(name: str, found: Array, wanted: Array, precision: Precision) -> list[str]:
    label = f"output {name} for {len(wanted)} rows in {precision}"
    if found.shape != wanted.shape:
        return [f"{label} is of shape {found.shape} in the graph, {wanted.shape} in torch"]
    found_values, wanted_values = found.astype(np.float32), wanted.astype(np.float32)
    if not np.isfinite(wanted_values).all():
        return [f"{label} is not finite in torch"]
    distance = float(np.abs(found_values - wanted_values).max())
    allowed = RELATIVE[precision] * float(np.abs(wanted_values).max())
    if wanted.dtype == np.uint8:
        allowed = PIXEL_STEPS[precision]
    if distance <= allowed:
        return []
    return [f"{label} is up to {distance:.3g} from torch's, {allowed:.3g} is allowed"]
