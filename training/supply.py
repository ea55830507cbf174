"""Endless numbered scenes as tensors, drawn in processes of their own."""

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader, Dataset
from transformers import CLIPTokenizer

from training.scenes import Scene, draw_scene
from training.scenes.holes import BLOCK
from training.vocabulary import MAX_TOKENS

CROP = 64
CROPS_PER_SCENE = 2
_SCENE_SIDE = 128
_ROOM = _SCENE_SIDE - CROP

Example = dict[str, Tensor]


class Crops(Dataset[Tensor]):
    """Item i: crops (2, 3, 64, 64) uint8, one from anywhere and one with a thing in its middle.

    A small thing's tips are few pixels, and all that tells a star from a disc.
    """

    def __init__(self, seed: int, first: int, count: int) -> None:
        self._seed, self._first, self._count = seed, first, count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, number: int) -> Tensor:
        index = self._first + number
        scene = draw_scene(self._seed, index, _SCENE_SIDE)
        thing = draw_scene(self._seed, index, _SCENE_SIDE, "object")
        anywhere = np.random.default_rng([self._seed, index, 1]).integers(0, _ROOM + 1, 2)
        middle = np.argwhere(thing.hole).mean(0).astype(np.int64) - CROP // 2
        crops = [_cut(scene, anywhere), _cut(thing, middle.clip(0, _ROOM))]
        return torch.from_numpy(np.stack(crops)).permute(0, 3, 1, 2)


def _cut(scene: Scene, corner: NDArray[np.int64]) -> NDArray[np.uint8]:
    y, x = corner
    return scene.image[y : y + CROP, x : x + CROP]


class Examples(Dataset[Example]):
    """Item i: scene i as `example` gives it."""

    def __init__(
        self, seed: int, side: int, first: int, count: int, tokenizer: CLIPTokenizer
    ) -> None:
        self._seed, self._side, self._first, self._count = seed, side, first, count
        self._tokenizer = tokenizer

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, number: int) -> Example:
        scene = draw_scene(self._seed, self._first + number, self._side)
        return example(scene, self._tokenizer)


def example(scene: Scene, tokenizer: CLIPTokenizer) -> Example:
    """Image (3, H, W) uint8, hole (1, H/8, W/8) float 0 or 1, tokens (77,) int64."""
    return {
        "image": torch.from_numpy(scene.image).permute(2, 0, 1),
        "hole": torch.from_numpy(scene.hole[None, ::BLOCK, ::BLOCK].astype(np.float32)),
        "tokens": tokens(tokenizer, [scene.caption])[0],
    }


def tokens(tokenizer: CLIPTokenizer, texts: list[str]) -> Tensor:
    """Token ids (len(texts), 77) int64."""
    padded = tokenizer(texts, padding="max_length", max_length=MAX_TOKENS, truncation=True)
    return torch.tensor(padded["input_ids"], dtype=torch.int64)


def to_model_range(pixels: Tensor) -> Tensor:
    """uint8 0..255 -> float -1..1."""
    return pixels.float() / 127.5 - 1


def crop_batches(
    seed: int, first: int, scenes: int, count: int, processes: int
) -> Iterator[Tensor]:
    """`count` batches (2 * scenes, 3, 64, 64) uint8, beginning with scene number `first`."""
    dataset = Crops(seed, first, count * scenes)
    for batch in DataLoader(dataset, scenes, num_workers=processes):
        yield batch.flatten(0, 1)


def example_batches(dataset: Examples, scenes: int, processes: int) -> Iterator[Example]:
    """Batches of `scenes` examples, stacked."""
    yield from DataLoader(dataset, scenes, num_workers=processes)
