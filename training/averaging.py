"""The exponential moving average of weights, which is what gets shipped."""

from typing import Any

import torch
from torch import Tensor, nn

_DECAY = 0.998


class MovingAverage:
    """Averages of all weights of some models, kept beside them."""

    def __init__(self, models: dict[str, nn.Module]) -> None:
        self._models = models
        self._averages = {
            name: {key: value.detach().clone() for key, value in model.state_dict().items()}
            for name, model in models.items()
        }
        self._updates = 0

    @torch.no_grad()
    def update(self) -> None:
        """Take in the models' weights; early on an average forgets faster."""
        self._updates += 1
        decay = min(_DECAY, (1 + self._updates) / (10 + self._updates))
        for name, model in self._models.items():
            for key, value in model.state_dict().items():
                self._average(self._averages[name][key], value, decay)

    @staticmethod
    def _average(average: Tensor, value: Tensor, decay: float) -> None:
        if average.is_floating_point():
            average.lerp_(value, 1 - decay)
        else:
            average.copy_(value)

    def weights(self, name: str) -> dict[str, Tensor]:
        """The averaged weights of one model."""
        return self._averages[name]

    def state_dict(self) -> dict[str, Any]:
        """For a checkpoint."""
        return {"updates": self._updates, "averages": self._averages}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """From a checkpoint."""
        self._updates = int(state["updates"])
        for name, weights in state["averages"].items():
            for key, value in weights.items():
                self._averages[name][key].copy_(value)
