"""A start for the autoencoder that already carries each block's mean colour.

Left to itself a small autoencoder without norms takes most of a short training to find the hues.
Here the first three channels pass red, green and blue through every layer, averaged on the way down
and repeated on the way up, and the residual blocks begin as the identity.
"""

import torch
from diffusers import AutoencoderTiny
from diffusers.models.unets.unet_2d_blocks import AutoencoderTinyBlock
from torch import Tensor, nn

_COLOURS = 3
# Decoders squash latents by 3 * tanh(z / 3), which is nearly the identity in this range.
_LATENT_RANGE = 2.0
_OTHERS = 0.1
# Brings the channels beyond the colours to about their spread, or they would stay unused.
_LOUDER = 15.0


@torch.no_grad()
def start_as_averages(autoencoder: AutoencoderTiny) -> None:
    """Set the weights so; what is not on the colours' way stays random."""
    for block in autoencoder.modules():
        if isinstance(block, AutoencoderTinyBlock):
            block.conv[-1].weight.zero_()
            block.conv[-1].bias.zero_()
    encoder, decoder = _convolutions(autoencoder.encoder), _convolutions(autoencoder.decoder)
    _carry(encoder[0], _centre())
    for shrinking in encoder[1:-1]:
        _carry(shrinking, _mean_of_four())
    _carry(encoder[-1], _centre() * _LATENT_RANGE, offset=-_LATENT_RANGE / 2)
    encoder[-1].weight[_COLOURS:] *= _LOUDER
    _carry(decoder[0], _centre() / _LATENT_RANGE, offset=0.5)
    decoder[0].weight[:, _COLOURS:] /= _LOUDER
    for growing in decoder[1:]:
        _carry(growing, _centre())


def _convolutions(half: nn.Module) -> list[nn.Conv2d]:
    """The convolutions that are not in a residual block, in order."""
    layers = half.get_submodule("layers")
    return [layer for layer in layers.children() if isinstance(layer, nn.Conv2d)]


def _carry(layer: nn.Conv2d, kernel: Tensor, offset: float = 0.0) -> None:
    """Let output colour c be input colour c under a kernel (3, 3), and little else."""
    layer.weight[:_COLOURS] *= _OTHERS
    for colour in range(_COLOURS):
        layer.weight[colour, colour] = kernel
    if layer.bias is not None:
        layer.bias[:_COLOURS] = offset


def _centre() -> Tensor:
    return torch.tensor([[0.0, 0, 0], [0, 1, 0], [0, 0, 0]])


def _mean_of_four() -> Tensor:
    """The mean of the four pixels that a step of two leaves to each output."""
    return torch.tensor([[0.0, 0, 0], [0, 0.25, 0.25], [0, 0.25, 0.25]])
