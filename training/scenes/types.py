"""The arrays that the drawing code passes around."""

import numpy as np
from numpy.typing import NDArray

Canvas = NDArray[np.float32]
"""(height, width, 3), sRGB, 0..255."""

Coverage = NDArray[np.float32]
"""(height, width), 0..1: how much of each pixel a shape covers."""

Hole = NDArray[np.bool_]
"""(height, width), true where the picture is to be repainted."""

Colour = NDArray[np.float32]
"""(3,), sRGB, 0..255."""
