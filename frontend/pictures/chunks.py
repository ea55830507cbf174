"""A PNG's chunks, of which only those that decide its pixels reach the decoder.

Text, colour profiles and animation frames are left out: a compressed text chunk can inflate 17 kB
into 5 MB, and nothing of them may be copied into a result.
"""

import struct
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from frontend.pictures.header import SIGNATURE

EXIF: Final = b"eXIf"
_DATA: Final = b"IDAT"
_END: Final = b"IEND"
_BEFORE_DATA: Final = (b"IHDR", b"PLTE", b"tRNS")
_KEPT: Final = frozenset({*_BEFORE_DATA, _DATA, EXIF})
_LENGTH_AND_NAME: Final = struct.Struct(">I4s")
_CHECKSUM: Final = struct.Struct(">I")

Chunks = Mapping[bytes, bytes]


def read_chunks(png: bytes) -> Chunks:
    """Return the contents of the chunks that decide pixels or their orientation, by name.

    An animated PNG has those of its default image. Pixel data may be in any number of chunks; they
    come back as one. What follows the end of the picture is not looked at.

    Raises:
        ValueError: a chunk is truncated or its checksum is wrong, or there are two where there may
            be one.
    """
    found: defaultdict[bytes, list[memoryview]] = defaultdict(list)
    for name, content in _kept(memoryview(png)):
        if found[name] and name != _DATA:
            raise ValueError(f"more than one {name.decode()}")
        found[name].append(content)
    return {name: b"".join(contents) for name, contents in found.items()}


def bare_png(chunks: Chunks) -> bytes:
    """Return a PNG of the same pixels and nothing else."""
    names = [name for name in (*_BEFORE_DATA, _DATA) if name in chunks]
    return SIGNATURE + b"".join(_chunk(name, chunks[name]) for name in names) + _chunk(_END, b"")


def _kept(png: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    position = len(SIGNATURE)
    while position < len(png):
        length, name = _LENGTH_AND_NAME.unpack_from(png, position)
        if name == _END:
            return
        start = position + _LENGTH_AND_NAME.size
        position = start + length + _CHECKSUM.size
        if name in _KEPT:
            content = png[start : start + length]
            (checksum,) = _CHECKSUM.unpack_from(png, start + length)
            if checksum != zlib.crc32(content, zlib.crc32(name)):
                raise ValueError(f"the checksum of {name.decode()} is wrong")
            yield name, content


def _chunk(name: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(content, zlib.crc32(name))
    return b"".join((_LENGTH_AND_NAME.pack(len(content), name), content, _CHECKSUM.pack(checksum)))
