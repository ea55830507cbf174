"""The names of a release's models."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

FIRST = 1
# In the order of loading: an ensemble after what it is made of.
SHALLOW = "unet_shallow"  # only models that keep features have it
ROLES = ("tokenizer", "text_encoder", "vae_encoder", "unet", SHALLOW, "vae_decoder", "encode")
_LATER_PART = re.compile(rf"(?P<model>.+)@(?P<number>\d+)\.({'|'.join(ROLES)})")


@dataclass(frozen=True)
class Release:
    """One of a model's releases.

    Attributes:
        model: the public model's name.
        number: from 1; also the version of the public model.
    """

    model: str
    number: int

    @property
    def prefix(self) -> str:
        """What the names of its parts begin with: the config's parameter `parts`."""
        return self.model if self.number == FIRST else f"{self.model}@{self.number}"

    @property
    def possible_parts(self) -> list[str]:
        """The models that its loop may call, in the order of loading."""
        return [f"{self.prefix}.{role}" for role in ROLES]

    @classmethod
    def from_prefix(cls, model: str, prefix: str) -> Self:
        """The release of a model whose parts' names begin so."""
        later = prefix.startswith(f"{model}@")
        return cls(model, int(prefix.rpartition("@")[2]) if later else FIRST)


def later_releases(names: Iterator[str]) -> set[Release]:
    """Those of which there are parts, of the releases after the first."""
    matches = filter(None, map(_LATER_PART.fullmatch, names))
    return {Release(match["model"], int(match["number"])) for match in matches}
