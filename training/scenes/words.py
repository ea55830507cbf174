"""Captions: many ways to ask for the same thing, so that the model learns the words that matter."""

from collections.abc import Sequence
from typing import Final

import numpy as np

_REQUESTS: Final = (
    "{}",
    "{}",
    "{}",
    "add {}",
    "draw {}",
    "put {} here",
    "a picture of {}",
    "{}, please",
    "an image of {}",
    "replace it with {}",
)
_OBJECTS: Final = (
    "a {c} {s}",
    "a {c} {s}",
    "a {c} {s}",
    "{c} {s}",
    "one {c} {s}",
    "a big {c} {s}",
    "a {s} in {c}",
    "a {c} coloured {s}",
    "a bright {c} {s}",
    "a {s} that is {c}",
)
_REMOVALS: Final = (
    "plain background",
    "plain background",
    "background",
    "just the background",
    "nothing",
    "empty background",
    "remove the object",
    "remove it",
    "erase it",
    "only background",
)
_SYNONYMS: Final[dict[str, tuple[str, ...]]] = {
    "grey": ("grey", "gray"),
    "purple": ("purple", "violet"),
    "cyan": ("cyan", "turquoise"),
    "circle": ("circle", "circle", "disc", "ball"),
    "square": ("square", "square", "box"),
    "ring": ("ring", "ring", "hoop"),
    "diamond": ("diamond", "rhombus"),
    "cross": ("cross", "plus sign"),
    "triangle": ("triangle",),
    "blue sky": (
        "blue sky",
        "blue sky",
        "a blue sky",
        "sky with clouds",
        "a clear blue sky",
        "sky",
    ),
    "sunset sky": ("sunset sky", "sunset", "a sunset", "evening sky", "an orange sunset sky"),
    "night sky": ("night sky", "a night sky", "a starry night sky", "stars at night"),
    "grass": ("grass", "green grass", "a lawn", "a green meadow", "grass field"),
    "sand": ("sand", "beach sand", "a sandy beach", "desert sand"),
    "water": ("water", "blue water", "the sea", "sea water", "a lake"),
    "brick wall": ("brick wall", "a brick wall", "bricks", "a wall of red bricks"),
    "wood": ("wood", "wooden planks", "a wooden floor", "wood texture", "wooden boards"),
}
_PATTERNS: Final[dict[str, tuple[str, ...]]] = {
    "vertical stripes": (
        "{a} and {b} vertical stripes",
        "vertical {a} and {b} stripes",
        "{a} and {b} stripes",
    ),
    "horizontal stripes": ("{a} and {b} horizontal stripes", "horizontal {a} and {b} stripes"),
    "checkers": ("a {a} and {b} checkerboard", "{a} and {b} checkers", "{a} and {b} chessboard"),
    "dots": ("{b} dots on {a}", "{b} polka dots on a {a} background", "{a} with {b} dots"),
    "plain": ("plain {a}", "solid {a}", "a plain {a} surface", "a {a} background"),
}


def _pick(options: Sequence[str], rng: np.random.Generator) -> str:
    return options[int(rng.integers(len(options)))]


def _said(name: str, rng: np.random.Generator) -> str:
    return _pick(_SYNONYMS.get(name, (name,)), rng)


def ask_for_object(colour: str, shape: str, rng: np.random.Generator) -> str:
    """Words for a shape in a colour, such as "draw a red circle"."""
    thing = _pick(_OBJECTS, rng).format(c=_said(colour, rng), s=_said(shape, rng))
    return _with_article(_pick(_REQUESTS, rng).format(thing))


def ask_for_scene(scene: str, rng: np.random.Generator) -> str:
    """Words for a material of `materials.MATERIALS`, such as "a clear blue sky"."""
    return _pick(_REQUESTS, rng).format(_said(scene, rng))


def ask_for_pattern(pattern: str, first: str, second: str, rng: np.random.Generator) -> str:
    """Words for a pattern of `PATTERNS` in its two colours (a plain one uses the first alone)."""
    words = _pick(_PATTERNS[pattern], rng).format(a=_said(first, rng), b=_said(second, rng))
    return _with_article(_pick(_REQUESTS, rng).format(words))


def ask_for_removal(rng: np.random.Generator) -> str:
    """Words for what lies around the hole to go on in it."""
    return _pick(_REMOVALS, rng)


def on_top_of(thing: str, scene: str, rng: np.random.Generator) -> str:
    """A thing before a scene, for a canvas that is all hole."""
    return f"{thing} on {_said(scene, rng)}"


def _with_article(text: str) -> str:
    return text.replace("a orange", "an orange")


PATTERNS: Final = tuple(_PATTERNS)
