"""Pixels -> the bytes of a file without any metadata."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from PIL import Image

from frontend.pictures.canvas import on_white
from frontend.pictures.decode import Pixels
from frontend.pictures.formats import PictureFormat

BEST_QUALITY: Final = 100

# Measured on 1024-pixel squares: where no pixels repeat, as in photographs and soft colours, coding
# runs and frequencies alone takes half the time of level 4, and a third of that of zlib's default
# 6, for files of the same size. Where they do, as in text, it makes files four times as large.
_PNG_SEARCHING: Final = {"compress_level": 4}
_PNG_CODING: Final = {"compress_type": 3}  # zlib's Z_RLE
_LARGEST_CODED: Final = 1.05  # of what searching makes of a sample
_SAMPLE_STRIPS: Final = 4
_STRIP_ROWS: Final = 16
# `exact` keeps the colours under transparency. Method 1 takes a third of the default's time for 1 %
# more bytes.
_WEBP_LOSSLESS: Final = {"lossless": True, "exact": True, "method": 1, "quality": 0}


@dataclass(frozen=True)
class Encoding:
    """How results are written.

    Attributes:
        format: the kind of file.
        quality: 0..100, for JPEG and WebP; WebP of quality 100 keeps every pixel exactly.
        opaque: put pictures with transparency on white. JPEG, which has none, always does.
    """

    format: PictureFormat = PictureFormat.PNG
    quality: int = BEST_QUALITY
    opaque: bool = False

    @property
    def is_flat(self) -> bool:
        """Whether the file has no transparency."""
        return self.opaque or self.format is PictureFormat.JPEG


def encode(pixels: Pixels, encoding: Encoding) -> bytes:
    """Encode `pixels` (H, W, 3 or 4)."""
    shown = on_white(pixels) if encoding.is_flat else pixels
    return _saved(shown, encoding.format, _options(shown, encoding))


def _saved(pixels: Pixels, kind: PictureFormat, options: Mapping[str, Any]) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, kind, **options)
    return buffer.getvalue()


def _options(pixels: Pixels, encoding: Encoding) -> Mapping[str, Any]:
    if encoding.format is PictureFormat.PNG:
        return _PNG_SEARCHING if _repeats(pixels) else _PNG_CODING
    if encoding.format is PictureFormat.JPEG:
        return {"quality": encoding.quality, "subsampling": "4:4:4"}
    if encoding.quality == BEST_QUALITY:
        return _WEBP_LOSSLESS
    return {"quality": encoding.quality}


def _repeats(pixels: Pixels) -> bool:
    """Whether a search for repetitions would make a PNG smaller; tried on a few strips."""
    last = max(len(pixels) - _STRIP_ROWS, 0)
    starts = np.linspace(0, last, _SAMPLE_STRIPS, dtype=int)
    strips = np.concatenate([pixels[start : start + _STRIP_ROWS] for start in starts])
    searched, coded = (
        len(_saved(strips, PictureFormat.PNG, options)) for options in (_PNG_SEARCHING, _PNG_CODING)
    )
    return coded > _LARGEST_CODED * searched
