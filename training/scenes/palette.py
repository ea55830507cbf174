"""The colours that have a name, far enough apart that nobody argues about which is which."""

from typing import Final

import numpy as np

from training.scenes.types import Colour

COLOURS: Final[dict[str, tuple[int, int, int]]] = {
    "red": (220, 40, 40),
    "orange": (245, 140, 30),
    "yellow": (245, 220, 50),
    "green": (50, 160, 60),
    "cyan": (60, 210, 220),
    "blue": (40, 80, 210),
    "purple": (130, 50, 170),
    "pink": (245, 140, 190),
    "brown": (120, 75, 40),
    "black": (25, 25, 25),
    "white": (245, 245, 245),
    "grey": (130, 130, 130),
}
NAMES: Final = tuple(COLOURS)

# RGB distance under which an object would be hard to tell from what lies behind it.
_MIN_CONTRAST: Final = 90.0


def jittered(name: str, rng: np.random.Generator) -> Colour:
    """A shade that still deserves the name: each channel up to 8 levels off."""
    shade = np.asarray(COLOURS[name], np.float32) + rng.uniform(-8, 8, 3)
    return np.clip(shade, 0, 255).astype(np.float32)


def any_colour(rng: np.random.Generator) -> Colour:
    """A colour without a name, for what lies around the hole."""
    return rng.uniform(20, 240, 3).astype(np.float32)


def contrasting(rng: np.random.Generator, *against: Colour) -> str:
    """The name of a random colour that stands out from every colour of `against`."""
    names = list(rng.permutation(NAMES))
    gaps = [min((_distance(name, other) for other in against), default=0.0) for name in names]
    visible = [name for name, gap in zip(names, gaps, strict=True) if gap >= _MIN_CONTRAST]
    return str(visible[0] if visible else names[int(np.argmax(gaps))])


def _distance(name: str, other: Colour) -> float:
    return float(np.linalg.norm(np.asarray(COLOURS[name], np.float32) - other))
