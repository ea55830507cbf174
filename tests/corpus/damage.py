"""Files that are damaged."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tests.corpus.kinds import Sample, every_kind
from tests.corpus.png import SIGNATURE, Png, checksum, chunk

SIDE = 8


@dataclass(frozen=True)
class Damaged:
    """A file and what is wrong with it."""

    name: str
    file: bytes

    def __str__(self) -> str:
        return self.name


def kind(name: str) -> Sample:
    """A small sound file, by the name that `every_kind` gives it."""
    return next(sample for sample in every_kind(SIDE) if sample.name == name)


def truncations(file: bytes) -> Iterator[Damaged]:
    """The file, ending before each byte up to the end of its data."""
    for length in range(len(SIGNATURE), len(file) - len(chunk(b"IEND", b""))):
        yield Damaged(f"ends at byte {length}", file[:length])


def bit_flips(file: bytes) -> Iterator[Damaged]:
    """The file, with each bit behind the signature in turn the other way round."""
    for bit in range(len(SIGNATURE) * 8, len(file) * 8):
        flipped = bytearray(file)
        flipped[bit // 8] ^= 1 << bit % 8
        yield Damaged(f"bit {bit} is flipped", bytes(flipped))


def wrong() -> Iterator[Damaged]:
    """Files that no decoder can make a picture of."""
    for name, file in (_wrong_data() | _wrong_chunks()).items():
        yield Damaged(name, file)
    png = kind("grey 8").png
    for depth in (0, 3, 5, 32):
        yield Damaged(f"a depth of {depth}", with_header(png, SIDE, SIDE, depth, 0))
    for colour_type in (1, 5, 7, 255):
        yield Damaged(
            f"a colour type of {colour_type}", with_header(png, SIDE, SIDE, 8, colour_type)
        )
    yield Damaged("RGB of 4 bits", with_header(png, SIDE, SIDE, 4, 2))


def odd() -> Iterator[Damaged]:
    """Files that break a rule and still hold a picture: the one that Pillow makes of them."""
    rgb, palette = kind("rgb 8").png, kind("palette 8").png
    short = [chunk(b"PLTE", bytes(range(30)))]
    rows = rgb.stream
    for name, data in (("more data", rows + bytes(999)), ("less data", rows[: len(rows) // 2])):
        yield Damaged(f"{name} than rows", replace(rgb, data=zlib.compress(data)).write())
    yield Damaged("an index beyond the palette", replace(palette, before_data=short).write())
    yield Damaged("a palette that nobody needs", replace(rgb, before_data=short).write())


def with_header(png: Png, width: int, height: int, depth: int, colour_type: int) -> bytes:
    """The file with a header that does not suit it."""
    kind = (depth, colour_type, 0, 0, png.interlaced)
    fields = struct.pack(">IIBBBBB", width, height, *kind)
    return png.write().replace(png.header, chunk(b"IHDR", fields))


def _wrong_data() -> dict[str, bytes]:
    png = kind("rgb 8").png
    rows, compressed = png.stream, zlib.compress(png.stream)
    right = checksum(b"IDAT", compressed)
    data = {
        "no data": b"",
        "data that is no zlib": b"no zlib at all",
        "data cut in the middle": compressed[: len(compressed) // 2],
        "an unknown filter": zlib.compress(b"\x09" + rows[1:]),
    }
    return {name: replace(png, data=content).write() for name, content in data.items()} | {
        "empty data": replace(png, data=b"", after_data=[chunk(b"IDAT", b"")]).write(),
        "a wrong checksum": png.write().replace(right, bytes(byte ^ 1 for byte in right)),
    }


def _wrong_chunks() -> dict[str, bytes]:
    rgb, palette = kind("rgb 8").png, kind("palette 8").png
    return {
        "no header": rgb.write().replace(rgb.header, b""),
        "a short header": rgb.write().replace(rgb.header, chunk(b"IHDR", bytes(12))),
        "two headers": replace(rgb, before_data=[rgb.header]).write(),
        "no palette": replace(palette, before_data=[]).write(),
        "two palettes": replace(palette, before_data=[*palette.before_data] * 2).write(),
        "a short tRNS": replace(rgb, before_data=[chunk(b"tRNS", b"\0")]).write(),
    }
