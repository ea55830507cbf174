"""Upsampling that convolves before it enlarges: the same numbers from less than half of the work.

Of a picture that is enlarged to twice its size by repetition, a kernel of 3x3 sees only 2x2
different pixels. Which of its weights fall on the same pixel depends on whether the output's row
and column are even. So four convolutions of the small picture, with kernels of 2x2 sums of the
weights, give the four kinds of output pixels: 16 products in place of 36
(https://arxiv.org/abs/1609.07009).
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from itertools import pairwise, product

import torch
from diffusers.models.upsampling import Upsample2D
from torch import Tensor, nn
from torch.nn.functional import conv2d, pad

from export.convolutions import keeps_size
from export.replacing import Replacement, replaced

PARITIES = tuple(product((0, 1), repeat=2))  # of an output pixel's row and column


def convolving_first(network: nn.Module) -> AbstractContextManager[None]:
    """Has a network convolve before it enlarges, as long as the context lasts.

    Args:
        network: of diffusers; layers that enlarge in another way stay as they are.
    """
    return replaced(_replacements(network))


class ConvolvedFirst(nn.Module):
    """A convolution of 3x3 after an enlargement to twice the size, both in one.

    Args:
        convolution: which keeps the size.
    """

    def __init__(self, convolution: nn.Conv2d) -> None:
        super().__init__()
        kernels = [_seen(convolution.weight.detach(), *parities) for parities in PARITIES]
        self.kernels = nn.ParameterList(kernels).requires_grad_(requires_grad=False)
        self.bias = convolution.bias

    def forward(self, hidden: Tensor) -> Tensor:
        """(B, C, h, w) -> (B, channels, 2h, 2w)."""
        kinds = [
            conv2d(pad(hidden, (1 - column, column, 1 - row, row)), kernel, self.bias)
            for (row, column), kernel in zip(PARITIES, self.kernels, strict=True)
        ]
        batch, channels, height, width = kinds[0].shape
        apart = torch.cat(kinds, dim=1).reshape(batch, 2, 2, channels, height, width)
        pixels = apart.permute(0, 3, 4, 1, 5, 2)  # (B, channels, h, 2, w, 2)
        return pixels.reshape(batch, channels, 2 * height, 2 * width)


class _Doubling(nn.Module):
    """In the place of diffusers' layer; sizes other than twice the input's are left to that one."""

    def __init__(self, layer: Upsample2D, convolution: nn.Conv2d) -> None:
        super().__init__()
        self.layer = layer
        self.convolved_first = ConvolvedFirst(convolution)

    def forward(self, hidden: Tensor, output_size: int | None = None) -> Tensor:
        """(B, C, h, w) -> (B, channels, 2h, 2w), or of the given size."""
        if output_size is not None:
            other: Tensor = self.layer(hidden, output_size)
            return other
        doubled: Tensor = self.convolved_first(hidden)
        return doubled


def _replacements(network: nn.Module) -> Iterator[Replacement]:
    for parent in network.modules():
        for name, layer in parent.named_children():
            if isinstance(layer, Upsample2D) and _enlarges_plainly(layer):
                yield Replacement(parent, name, _Doubling(layer, layer.conv))
        if isinstance(parent, nn.Sequential):  # AutoencoderTiny's
            for (name, layer), (following, convolution) in pairwise(parent.named_children()):
                if _repeats(layer) and keeps_size(convolution):
                    yield Replacement(parent, name, nn.Identity())
                    yield Replacement(parent, following, ConvolvedFirst(convolution))


def _enlarges_plainly(layer: Upsample2D) -> bool:
    is_plain = layer.interpolate and layer.norm is None and layer.name == "conv"
    return is_plain and not layer.use_conv_transpose and keeps_size(layer.conv)


def _repeats(layer: nn.Module) -> bool:
    return isinstance(layer, nn.Upsample) and (layer.mode, layer.scale_factor) == ("nearest", 2)


def _seen(weight: Tensor, row: int, column: int) -> Tensor:
    """A kernel (out, in, 3, 3) as the small picture sees it: (out, in, 2, 2)."""
    return _summed(_summed(weight, row, -2), column, -1)


def _summed(weight: Tensor, parity: int, dim: int) -> Tensor:
    """At even places the last two weights fall on the same pixel, at odd ones the first two."""
    first, second, third = weight.unbind(dim)
    pairs = (first + second, third) if parity else (first, second + third)
    return torch.stack(pairs, dim)
