"""Pixels -> PNG bytes without any metadata."""

import io
from typing import Final

from PIL import Image

from frontend.pictures.decode import Pixels

# Measured on a smooth 1024-pixel square: level 4 takes 0.4 of the time of zlib's default 6 for 1 %
# more bytes; level 3 is a fifth faster still, for 13 % more bytes.
_COMPRESS_LEVEL: Final = 4


def encode(pixels: Pixels) -> bytes:
    """Encode `pixels` (H, W, 3 or 4) as PNG."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=_COMPRESS_LEVEL)
    return buffer.getvalue()
