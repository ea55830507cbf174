"""The first 33 bytes of a PNG, read before any decoder sees the rest."""

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Self

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_IHDR: Final = struct.Struct(">I4sIIBBBBB")


class ColourType(IntEnum):
    """PNG's colour types (PNG specification, third edition, table 12)."""

    GREY = 0
    RGB = 2
    PALETTE = 3
    GREY_ALPHA = 4
    RGB_ALPHA = 6


@dataclass(frozen=True)
class Header:
    """What IHDR says: size in pixels, bits per sample and colour type."""

    width: int
    height: int
    bit_depth: int
    colour_type: ColourType

    @classmethod
    def read(cls, png: bytes) -> Self:
        """Read the header of `png`.

        Raises:
            ValueError: `png` has no PNG signature, no IHDR behind it, or IHDR makes no sense.
        """
        if not png.startswith(SIGNATURE):
            raise ValueError("no PNG signature")
        if len(png) < len(SIGNATURE) + _IHDR.size:
            raise ValueError("the file ends within its header")
        length, name, width, height, depth, colour_type, *_ = _IHDR.unpack_from(png, len(SIGNATURE))
        if (length, name) != (13, b"IHDR") or not width or not height:
            raise ValueError("the first chunk is not a valid IHDR")
        return cls(width, height, depth, ColourType(colour_type))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.width, self.height
