"""The kind of convolution that other layers can stand in for."""

from typing import TypeGuard

from torch import nn


def keeps_size(layer: nn.Module | None) -> TypeGuard[nn.Conv2d]:
    """Whether it is a convolution of 3x3 of the plain kind, whose results are as many as pixels."""
    if not isinstance(layer, nn.Conv2d):
        return False
    steps = (layer.stride, layer.dilation, layer.groups)
    return (layer.kernel_size, layer.padding) == ((3, 3), (1, 1)) and steps == ((1, 1), (1, 1), 1)
