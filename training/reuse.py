"""A UNet whose outermost layer gets other features than the deeper ones have just given.

The whole UNet is computed all the same: this shows what reusing features does to pictures
(https://arxiv.org/abs/2312.00858), and is what the exported shallow step is compared with.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

import torch
from diffusers import UNet2DConditionModel

Change = Callable[[torch.Tensor], torch.Tensor]


def reusing(interval: int, steps: int) -> Change:
    """Gives, of so many steps of an edit, the features of the first.

    Args:
        interval: 1 changes nothing.
        steps: calls that an edit makes; with the next edit the intervals begin anew.
    """
    kept: list[torch.Tensor] = []
    calls = count()

    def change(features: torch.Tensor) -> torch.Tensor:
        if next(calls) % steps % interval == 0:
            kept[:] = [features]
        return kept[0]

    return change


@contextmanager
def features_passing(unet: UNet2DConditionModel, change: Change) -> Iterator[None]:
    """Puts `change(features)`, (B, F, h, w), in the place of the features of every call."""
    skip_channels = unet.conv_in.out_channels

    def hook(_layer: object, arguments: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
        features, skip = arguments[0][:, :-skip_channels], arguments[0][:, -skip_channels:]
        return torch.cat([change(features), skip], dim=1), *arguments[1:]

    handle = unet.up_blocks[-1].resnets[-1].register_forward_pre_hook(hook)
    try:
        yield
    finally:
        handle.remove()
