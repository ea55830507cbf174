"""A UNet's step in two parts: the whole one gives its deep features, the shallow one takes them.

DeepCache (https://arxiv.org/abs/2312.00858): from one step to the next the deep layers' output
changes little. Features are what the outermost layer (the last one of the last up block) gets from
the layers below; a shallow step computes that layer alone, on features of an earlier step.
"""

import torch
from diffusers import UNet2DConditionModel
from diffusers.models.unets.unet_2d_blocks import CrossAttnUpBlock2D
from torch import Tensor, nn

from export.checkpoint import Family, Settings
from export.errors import UnsupportedError
from export.networks import ConditionedUnet, Unet

UNKNOWN_SETTINGS = ("center_input_sample", "time_embedding_act_fn")  # to the shallow step
OUTERMOST = {
    Family.SD: ("UpBlock2D", "CrossAttnUpBlock2D"),
    Family.SDXL: ("UpBlock2D",),
}


def check_cacheable(settings: Settings, family: Family) -> None:
    """Refuses UNets of which the shallow step would compute something else.

    Args:
        settings: The UNet's.
        family: What the checkpoint is.

    Raises:
        UnsupportedError: with what is different.
    """
    block = settings["up_block_types"][-1]
    if block not in OUTERMOST[family]:
        raise UnsupportedError(f"features of a UNet that ends in {block} cannot be kept")
    for setting in UNKNOWN_SETTINGS:
        if settings.get(setting):
            raise UnsupportedError(f"features of a UNet with {setting} cannot be kept")


class WholeStep(nn.Module):
    """A step that also gives its features."""

    def __init__(self, step: Unet | ConditionedUnet) -> None:
        super().__init__()
        self.step = step
        self._skip_channels = step.unet.conv_in.out_channels
        self._features: Tensor | None = None
        step.unet.up_blocks[-1].resnets[-1].register_forward_pre_hook(self._keep)

    def _keep(self, _layer: nn.Module, arguments: tuple[Tensor, ...]) -> None:
        """The layer's input is the features, and behind them the first convolution's output."""
        self._features = arguments[0][:, : -self._skip_channels]

    def forward(self, *inputs: Tensor) -> tuple[Tensor, Tensor]:
        """The step's inputs -> (B, c, h, w), (B, F, h, w)."""
        prediction = self.step(*inputs)
        if self._features is None:
            raise RuntimeError("the UNet has not called its outermost layer")
        return prediction, self._features.float()


class ShallowStep(nn.Module):
    """The outermost layer of Stable Diffusion 1 and 2."""

    def __init__(self, unet: UNet2DConditionModel) -> None:
        super().__init__()
        self.unet = unet

    def forward(
        self, latents: Tensor, timestep: Tensor, embeddings: Tensor, features: Tensor
    ) -> Tensor:
        """(B, C, h, w), (B, 1), (B, tokens, width), (B, F, h, w) -> (B, c, h, w)."""
        return _shallow(self.unet, latents, timestep, features, embeddings, {})


class ConditionedShallowStep(nn.Module):
    """That of Stable Diffusion XL, which does not look at the embeddings."""

    def __init__(self, unet: UNet2DConditionModel) -> None:
        super().__init__()
        self.unet = unet

    def forward(
        self, latents: Tensor, timestep: Tensor, pooled: Tensor, time_ids: Tensor, features: Tensor
    ) -> Tensor:
        """(B, C, h, w), (B, 1), (B, pooled width), (B, 6), (B, F, h, w) -> (B, c, h, w)."""
        added = {"text_embeds": pooled.to(self.unet.dtype), "time_ids": time_ids}
        return _shallow(self.unet, latents, timestep, features, None, added)


def _shallow(
    unet: UNet2DConditionModel,
    latents: Tensor,
    timestep: Tensor,
    features: Tensor,
    embeddings: Tensor | None,
    added: dict[str, Tensor],
) -> Tensor:
    """`UNet2DConditionModel.forward` without what is between its ends and the outermost layer."""
    latents, features = latents.to(unet.dtype), features.to(unet.dtype)
    words = None if embeddings is None else embeddings.to(unet.dtype)
    time = unet.time_embedding(unet.get_time_embed(sample=latents, timestep=timestep[:, 0]))
    further = unet.get_aug_embed(emb=time, encoder_hidden_states=words, added_cond_kwargs=added)
    if further is not None:
        time = time + further
    block = unet.up_blocks[-1]
    hidden = block.resnets[-1](torch.cat([features, unet.conv_in(latents)], dim=1), time)
    if isinstance(block, CrossAttnUpBlock2D):
        attention = block.attentions[-1]
        hidden = attention(hidden, encoder_hidden_states=words, return_dict=False)[0]
    if unet.conv_norm_out is not None:
        hidden = unet.conv_act(unet.conv_norm_out(hidden))
    prediction: Tensor = unet.conv_out(hidden).float()
    return prediction
