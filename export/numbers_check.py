"""Compares what a graph computes with what torch computes."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torch import nn

from export.components import Precision
from export.samples import Array, Samples

PIXEL_STEPS = {Precision.FP32: 1, Precision.FP16: 4}  # of 255
RELATIVE = {Precision.FP32: 2e-4, Precision.FP16: 5e-2}  # of the largest value
THREADS = 0  # all cores


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


def number_problems(path: Path, expectations: list[Expectation], precision: Precision) -> list[str]:
    """Runs the graph on the same inputs, in ONNX Runtime on the CPU.

    Returns:
        One line for each output of each batch that is too far from torch's, or of another shape.
    """
    options = onnxruntime.SessionOptions()
    options.enable_cpu_mem_arena = False  # gives memory back between the batches
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    problems: list[str] = []
    for expectation in expectations:
        outputs = session.run(names, expectation.inputs)
        for name, found, wanted in zip(names, outputs, expectation.outputs, strict=True):
            problems += _difference(name, found, wanted, precision)
    return problems


def _difference(name: str, found: Array, wanted: Array, precision: Precision) -> list[str]:
    label = f"output {name} for {len(wanted)} rows"
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
