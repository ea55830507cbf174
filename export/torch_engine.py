"""A torch module as an engine, for what is computed before there is a graph."""

import torch
from torch import nn

from retouch.backends.engine import Array, Tensors


class TorchEngine:
    """A network with the inputs and outputs of its config, in fp32."""

    def __init__(self, network: nn.Module) -> None:
        self._network = network

    def run(self, inputs: Tensors, output_names: list[str]) -> dict[str, Array]:
        """Compute all outputs.

        Args:
            inputs: In the order of the module's parameters.
            output_names: The module's outputs, in its order.
        """
        with torch.no_grad():
            outputs = self._network(*(torch.from_numpy(array) for array in inputs.values()))
        several = outputs if isinstance(outputs, tuple) else (outputs,)
        arrays = [output.numpy() for output in several]
        return dict(zip(output_names, arrays, strict=True))
