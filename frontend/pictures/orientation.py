"""EXIF orientation."""

import struct
from typing import Final

from PIL import Image

_PREFIX: Final = b"Exif\0\0"  # some writers keep JPEG's
_BYTE_ORDERS: Final = {b"II*\0": "<", b"MM\0*": ">"}
_ORIENTATION: Final = 0x0112
_SHORT: Final = 3
_UPRIGHT: Final = 1
# EXIF 2.32, tag 0x0112: how to turn the stored picture so that it stands upright.
_TURN: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def orientation_of(exif: bytes) -> int:
    """Return the orientation that an eXIf chunk names; 1 where it names none or is damaged.

    Only this one entry is read: Pillow reads them all, and warns of each damaged one.
    """
    tiff = exif.removeprefix(_PREFIX)
    try:
        return _orientation(tiff, _BYTE_ORDERS[tiff[:4]])
    except (KeyError, struct.error):
        return _UPRIGHT


def _orientation(tiff: bytes, byte_order: str) -> int:
    """Look through the first image file directory (TIFF 6.0, section 2)."""
    (start,) = struct.unpack_from(f"{byte_order}I", tiff, 4)
    (count,) = struct.unpack_from(f"{byte_order}H", tiff, start)
    entry = struct.Struct(f"{byte_order}HHIH2x")  # tag, type, number of values, first value
    for index in range(count):
        tag, kind, _, value = entry.unpack_from(tiff, start + 2 + index * entry.size)
        if (tag, kind) == (_ORIENTATION, _SHORT):
            return int(value)
    return _UPRIGHT


def upright(stored: Image.Image, orientation: int) -> Image.Image:
    """Turn `stored` upright; an unknown orientation changes nothing."""
    turn = _TURN.get(orientation)
    return stored if turn is None else stored.transpose(turn)
