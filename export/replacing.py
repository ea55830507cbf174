"""Layers that stand in the place of a network's own while it is traced."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from torch import nn


class Replacement(NamedTuple):
    """A layer, and whose child of which name it replaces."""

    parent: nn.Module
    name: str
    layer: nn.Module


@contextmanager
def replaced(replacements: Iterable[Replacement]) -> Iterator[None]:
    """Has layers replaced as long as the context lasts."""
    found = list(replacements)
    originals = [parent.get_submodule(name) for parent, name, _ in found]
    for parent, name, layer in found:
        setattr(parent, name, layer)
    try:
        yield
    finally:
        for (parent, name, _), layer in zip(found, originals, strict=True):
            setattr(parent, name, layer)
