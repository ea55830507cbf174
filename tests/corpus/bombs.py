"""Small files that could cost much: a picture or an error, but soon and in little memory."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import replace

from tests.corpus.damage import Damaged, kind, with_header
from tests.corpus.png import CHANNELS, GREY, RGB, chunk

INFLATED_BYTES = 2**29
_SIZES = ((60_000, 60_000), (2**31 - 1, 2**31 - 1), (1, 2**31 - 1), (0, 0))
_TEXT_HEADS = {b"zTXt": b"Comment\0\0", b"iTXt": b"Comment\0\1\0\0\0", b"iCCP": b"profile\0\0"}
_MANY = 300_000
_HEAVY = (
    "rgb 8 tRNS",
    "rgba 8",
    "palette 8 tRNS",
    "grey 16 interlaced tRNS",
    "grey+alpha 16 interlaced",
    "rgb 16 interlaced tRNS",
    "rgba 16 interlaced",
)


def bombs() -> Iterator[Damaged]:
    """Dimensions, compressed chunks and data, floods of chunks, and EXIF that repeats itself."""
    png = kind("rgb 8").png
    for width, height in _SIZES:
        yield Damaged(f"{width} x {height} pixels", with_header(png, width, height, 8, 2))
    zeros = _zeros(INFLATED_BYTES)
    yield Damaged("data that inflates", replace(png, data=zeros).write())
    for name, head in _TEXT_HEADS.items():
        inflating = replace(png, before_data=[chunk(name, head + zeros)])
        yield Damaged(f"{name.decode()} that inflates", inflating.write())
    for name in (b"IDAT", b"tEXt", b"eXIf", b"tRNS", b"PLTE"):
        many = replace(png, before_data=[chunk(name, b"")] * _MANY)
        yield Damaged(f"{_MANY} times {name.decode()}", many.write())
    yield Damaged("EXIF that repeats itself", replace(png, before_data=[_exif()]).write())


def largest(side: int) -> Iterator[Damaged]:
    """Files of `side` pixels, of the kinds that are the most work; every sample is 0."""
    data = _zeros(side * (side + 1) * 8)  # of 64 bits a pixel: more than some of them need
    for name in _HEAVY:
        png = replace(kind(name).png, data=data)
        if png.colour_type in (GREY, RGB):  # name the colour that every pixel has
            named = bytes(2 * CHANNELS[png.colour_type])
            png = replace(png, before_data=[chunk(b"tRNS", named)])
        file = with_header(png, side, side, png.bit_depth, png.colour_type)
        yield Damaged(f"{name} of {side} pixels", file)


def _exif() -> bytes:
    """As many entries as there may be, each of the same three megabytes."""
    entries = struct.pack(">HHII", 1, 1, 3_000_000, 0) * 65_535
    return chunk(b"eXIf", b"MM\0*\0\0\0\x08\xff\xff" + entries + bytes(3_000_000))


def _zeros(size_bytes: int) -> bytes:
    """So many zeros, compressed, without ever holding them."""
    compressor, block = zlib.compressobj(9), bytes(2**20)
    pieces = [compressor.compress(block) for _ in range(size_bytes // len(block))]
    return b"".join(pieces) + compressor.flush()
