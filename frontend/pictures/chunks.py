"""A PNG reduced to the chunks that decide its pixels.

Text, colour profiles and animation frames never reach the decoder: a compressed text chunk can
inflate 17 kB into 5 MB, and nothing of them may be copied into a result.
"""

import struct
from collections.abc import Iterator
from typing import Final

from frontend.pictures.header import SIGNATURE

_KEPT: Final = frozenset({b"IHDR", b"PLTE", b"tRNS", b"eXIf", b"IDAT", b"IEND"})
_LENGTH_AND_NAME: Final = struct.Struct(">I4s")
_CRC_BYTES: Final = 4


def pixel_chunks(png: bytes) -> bytes:
    """Return `png` without every chunk that does not decide pixels or their orientation.

    An animated PNG becomes its default image. Damage (a truncated chunk, a wrong checksum) is kept
    for the decoder to find.
    """
    return SIGNATURE + b"".join(chunk for name, chunk in _chunks(png) if name in _KEPT)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = len(SIGNATURE)
    while position + _LENGTH_AND_NAME.size <= len(png):
        length, name = _LENGTH_AND_NAME.unpack_from(png, position)
        end = position + _LENGTH_AND_NAME.size + length + _CRC_BYTES
        yield name, png[position:end]
        position = end
