"""Sound files: every colour type, bit depth, interlacing and transparency, and what they show."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from tests.corpus.png import (
    CHANNELS,
    GREY,
    GREY_ALPHA,
    PALETTE,
    RGB,
    RGB_ALPHA,
    Png,
    Samples,
    chunk,
)

SIDE = 19  # no multiple of 8: rows end within a byte, and Adam7's passes differ
DEPTHS = {
    GREY: (1, 2, 4, 8, 16),
    RGB: (8, 16),
    PALETTE: (1, 2, 4, 8),
    GREY_ALPHA: (8, 16),
    RGB_ALPHA: (8, 16),
}
_NAMES = {GREY: "grey", RGB: "rgb", PALETTE: "palette", GREY_ALPHA: "grey+alpha", RGB_ALPHA: "rgba"}
_PALETTE = np.random.default_rng(3).integers(0, 256, (256, 4), np.uint8)  # RGB and alpha
_PALETTE[:, 3] = np.where(np.arange(256) % 2, _PALETTE[:, 3], 0)


@dataclass(frozen=True)
class Sample:
    """A file and what it shows.

    Attributes:
        name: what is special about it.
        png: the file, before it is written.
        shown: (H, W, 3) RGB or, where there is transparency of any kind, (H, W, 4) RGBA.
    """

    name: str
    png: Png
    shown: NDArray[np.uint8]

    @property
    def file(self) -> bytes:
        """The file."""
        return self.png.write()

    def __str__(self) -> str:
        return self.name


def every_kind(side: int = SIDE) -> Iterator[Sample]:
    """Every colour type x bit depth x interlacing x (where there may be any) tRNS."""
    for colour_type, depths in DEPTHS.items():
        named = (False, True) if colour_type in (GREY, RGB, PALETTE) else (False,)
        for depth, interlaced, transparent in product(depths, (False, True), named):
            yield _sample(
                Png(_samples(colour_type, depth, side), colour_type, depth, interlaced), transparent
            )


def decorated() -> Iterator[Sample]:
    """Sound files with chunks that must not change what they show."""
    plain = next(s for s in every_kind() if s.name == "rgb 8")
    for name, before in _ANCILLARY.items():
        yield replace(plain, name=name, png=replace(plain.png, before_data=[before]))
    for name, after in _BEHIND.items():
        yield replace(plain, name=name, png=replace(plain.png, after_data=[after]))
    yield replace(plain, name="data in many chunks", png=replace(plain.png, data_chunks=500))
    yield replace(plain, name="no end", png=replace(plain.png, end=()))
    garbage = (*plain.png.end, bytes(range(256)))
    yield replace(plain, name="garbage behind the end", png=replace(plain.png, end=garbage))


def animated(frames: int = 3) -> Sample:
    """An APNG, whose first picture counts."""
    plain = next(s for s in every_kind() if s.name == "rgb 8")
    control = chunk(b"acTL", struct.pack(">II", frames, 0))
    frame = struct.pack(">IIIIIHHBB", 0, SIDE, SIDE, 0, 0, 1, 10, 0, 0)
    later = zlib.compress(bytes(SIDE * (SIDE * 3 + 1)))
    behind = [
        part
        for number in range(1, frames)
        for part in (
            chunk(b"fcTL", struct.pack(">I", 2 * number - 1) + frame[4:]),
            chunk(b"fdAT", struct.pack(">I", 2 * number) + later),
        )
    ]
    png = replace(plain.png, before_data=[control, chunk(b"fcTL", frame)], after_data=behind)
    return replace(plain, name="animated", png=png)


def _samples(colour_type: int, depth: int, side: int) -> Samples:
    """Noise in which a few colours return, so that a colour named transparent is there often."""
    rng = np.random.default_rng([colour_type, depth])
    colours = rng.integers(0, 2**depth, (8, CHANNELS[colour_type]), np.uint16)
    colours[1] = colours[0] ^ np.uint16(1)  # equal but for the lowest bit
    if colour_type in (GREY_ALPHA, RGB_ALPHA):
        colours[2:4, -1] = 0
    samples: Samples = colours[rng.integers(0, 8, (side, side))]
    return samples


def _sample(png: Png, transparent: bool) -> Sample:
    name = f"{_NAMES[png.colour_type]} {png.bit_depth}"
    name += " interlaced" * png.interlaced + " tRNS" * transparent
    if png.colour_type == PALETTE:
        return _with_palette(name, png, transparent)
    if not transparent:
        return Sample(name, png, _shown(png))
    named = png.samples[0, 0]
    trns = chunk(b"tRNS", struct.pack(f">{len(named)}H", *named.tolist()))
    alpha = np.where((png.samples == named).all(axis=2), 0, 255).astype(np.uint8)
    return Sample(name, replace(png, before_data=[trns]), np.dstack([_shown(png), alpha]))


def _shown(png: Png) -> NDArray[np.uint8]:
    """8-bit RGB or RGBA: more bits are cut, fewer are stretched, grey is three times the same."""
    depth, samples = png.bit_depth, png.samples.astype(int)
    eight = samples >> 8 if depth == 16 else samples * 255 // (2**depth - 1)
    channels = {1: [0, 0, 0], 2: [0, 0, 0, 1], 3: [0, 1, 2], 4: [0, 1, 2, 3]}[samples.shape[2]]
    return eight[..., channels].astype(np.uint8)


def _with_palette(name: str, png: Png, transparent: bool) -> Sample:
    entries = _PALETTE[: 2**png.bit_depth]
    chunks = [chunk(b"PLTE", entries[:, :3].tobytes())]
    if transparent:
        chunks.append(chunk(b"tRNS", entries[:, 3].tobytes()))
    shown = entries[png.samples[..., 0], : 4 if transparent else 3]
    return Sample(name, replace(png, before_data=chunks), shown)


_PROFILE = b"profile\0\0" + zlib.compress(bytes(3000))
_ANCILLARY = {
    "gAMA": chunk(b"gAMA", struct.pack(">I", 100_000)),
    "cHRM": chunk(b"cHRM", struct.pack(">8I", *range(1, 9))),
    "sRGB": chunk(b"sRGB", b"\0"),
    "iCCP": chunk(b"iCCP", _PROFILE),
    "iCCP damaged": chunk(b"iCCP", b"profile\0\0no zlib"),
    "sBIT": chunk(b"sBIT", b"\5\6\5"),
    "bKGD": chunk(b"bKGD", bytes(6)),
    "pHYs": chunk(b"pHYs", struct.pack(">IIB", 1, 9, 1)),
    "tIME": chunk(b"tIME", bytes(7)),
    "sPLT": chunk(b"sPLT", b"name\0\x08" + bytes(60)),
    "tEXt": chunk(b"tEXt", b"Comment\0hello"),
    "zTXt": chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"hello")),
    "iTXt": chunk(b"iTXt", b"Comment\0\0\0en\0\0hello"),
    "iTXt damaged": chunk(b"iTXt", b"\xff"),
    "private": chunk(b"prVt", b"anything"),
    "eXIf damaged": chunk(b"eXIf", b"MM\0*\0\0\0\x08\xff\xff" + bytes(40)),
    "eXIf cut": chunk(b"eXIf", b"II*\0"),
    "eXIf of nothing": chunk(b"eXIf", b""),
}
_BEHIND = {
    "text behind the data": chunk(b"tEXt", b"Comment\0hello"),
    "private behind the data": chunk(b"prVt", b"anything"),
}
