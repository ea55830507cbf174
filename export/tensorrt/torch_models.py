"""A checkpoint's models before there are graphs: the networks run in PyTorch."""

from dataclasses import dataclass

from torch import nn

from export.checkpoint import Checkpoint
from export.components import load
from export.contracts import Role
from export.request import Precision
from export.staged_models import StagedModels
from export.torch_engine import TorchEngine
from retouch.backends import engine as backends


@dataclass(frozen=True)
class TorchModels(StagedModels):
    """Models whose tokenizer and configs are staged.

    Attributes:
        checkpoint: Whose networks they are.
        unet: Its UNet in fp32, which may watch what it is given.
    """

    checkpoint: Checkpoint
    unet: nn.Module

    def in_fp32(self, role: Role) -> backends.Engine:
        """The role's network."""
        is_unet = role is Role.UNET
        return TorchEngine(self.unet if is_unet else load(role, self.checkpoint, Precision.FP32))
