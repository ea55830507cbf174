"""Convolutions by minimal filtering: two rows of results from four products in place of six.

Winograd's F(2, 3), here along the columns of a picture alone (https://arxiv.org/abs/1509.09308). Of
four rows, sums and differences are convolved with kernels of one row, and sums and differences of
those are two rows of what a kernel of three rows gives. In bf16 the sums are rounded too.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from itertools import chain

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn.functional import conv2d, pad

from export.convolutions import keeps_size
from export.replacing import Replacement, replaced
from export.samples import Samples

# Where OpenVINO is faster so, by measurement: the sums must cost less than the products they save,
# and small pictures are bound by reading the kernels, of which there are a third more.
LEAST_CHANNELS = 256  # taken and given, by their harmonic mean
LEAST_ROWS = 8


def filtering_minimally(network: nn.Module, inputs: Samples) -> AbstractContextManager[None]:
    """Has a network's large convolutions do less as long as the context lasts.

    Args:
        network: whichever.
        inputs: of the sizes that it is to be served with.
    """
    return replaced(_replacements(network, _rows(network, inputs)))


class WinogradConvolution(nn.Module):
    """A convolution of 3x3 of pictures with an even number of rows.

    Args:
        convolution: which keeps the size.
    """

    def __init__(self, convolution: nn.Conv2d) -> None:
        super().__init__()
        first, second, third = torch.split(convolution.weight.detach(), 1, dim=2)
        middle = (first + third) / 2
        kernels = (first, middle + second / 2, middle - second / 2, third)
        self.kernels = nn.ParameterList(kernels).requires_grad_(requires_grad=False)
        self.bias = convolution.bias

    def forward(self, hidden: Tensor) -> Tensor:
        """(B, C, h, w) -> (B, channels, h, w)."""
        padded = pad(hidden, (0, 0, 1, 1))
        # Each two rows, and those around them.
        above, upper = padded[:, :, :-2:2], padded[:, :, 1:-1:2]
        lower, below = padded[:, :, 2::2], padded[:, :, 3::2]
        sums = (above - lower, upper + lower, lower - upper, upper - below)
        biases = (None, self.bias, None, None)  # the second one is a part of both rows
        outer, both, apart, last = (
            conv2d(one, kernel, bias, padding=(0, 1))
            for one, kernel, bias in zip(sums, self.kernels, biases, strict=True)
        )
        results = (outer + both + apart, both - apart - last)
        return torch.stack(results, dim=3).flatten(2, 3)


def _rows(network: nn.Module, inputs: Samples) -> Mapping[nn.Module, int]:
    """The rows of the pictures that each convolution takes; nothing is computed to find out."""
    found: dict[nn.Module, int] = {}

    def note(layer: nn.Module, arguments: tuple[Tensor, ...]) -> None:
        found[layer] = arguments[0].shape[2]

    convolutions = [layer for layer in network.modules() if isinstance(layer, nn.Conv2d)]
    hooks = [layer.register_forward_pre_hook(note) for layer in convolutions]
    tensors = chain(network.named_parameters(), network.named_buffers())
    weights = {name: tensor.to("meta") for name, tensor in tensors}
    arguments = tuple(torch.from_numpy(array).to("meta") for array in inputs.values())
    try:
        functional_call(network, weights, arguments)
    finally:
        for hook in hooks:
            hook.remove()
    return found


def _replacements(network: nn.Module, rows: Mapping[nn.Module, int]) -> Iterator[Replacement]:
    for parent in network.modules():
        for name, layer in parent.named_children():
            if keeps_size(layer) and _is_worth_it(layer, rows.get(layer, 0)):
                yield Replacement(parent, name, WinogradConvolution(layer))


def _is_worth_it(convolution: nn.Conv2d, rows: int) -> bool:
    taken, given = convolution.in_channels, convolution.out_channels
    mean = 2 * taken * given / (taken + given)
    return rows >= LEAST_ROWS and rows % 2 == 0 and mean >= LEAST_CHANNELS
