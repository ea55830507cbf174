"""How far two answers are apart."""

from pathlib import Path

import numpy as np
from PIL import Image


def difference(picture: Path, reference: Path, mask: Path) -> float:
    """Mean absolute difference where the mask is white, in 255ths."""
    one, other = (np.asarray(Image.open(file), np.float64) for file in (picture, reference))
    repainted = np.asarray(Image.open(mask).convert("L")) > 0
    return float(np.abs(one - other)[repainted].mean())
