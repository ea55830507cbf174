"""Writes PNG files by the specification (third edition), every form of them and every mistake."""

import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.uint16]  # (H, W, channels), as they are stored
Rows = NDArray[np.uint8]  # (H, bytes per row)

SIGNATURE = b"\x89PNG\r\n\x1a\n"
GREY, RGB, PALETTE, GREY_ALPHA, RGB_ALPHA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGB_ALPHA: 4}
# Adam7: first row, first column, row step, column step of each pass.
_PASSES = (
    (0, 0, 8, 8),
    (0, 4, 8, 8),
    (4, 0, 8, 4),
    (0, 2, 4, 4),
    (2, 0, 4, 2),
    (0, 1, 2, 2),
    (1, 0, 2, 1),
)
_PAETH, _FILTERS = 4, 5


def chunk(name: bytes, content: bytes) -> bytes:
    """A chunk with its length and checksum."""
    return struct.pack(">I", len(content)) + name + content + checksum(name, content)


def checksum(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", zlib.crc32(content, zlib.crc32(name)))


@dataclass(frozen=True)
class Png:
    """A file before it is written; every part of it can be changed or left out.

    Attributes:
        samples: as they are stored; indices for a palette.
        colour_type: as the specification counts.
        bit_depth: of each sample.
        interlaced: by Adam7.
        before_data: whole chunks between IHDR and the data.
        after_data: whole chunks behind the data.
        data: the compressed data, where it is not what the samples say.
        data_chunks: how many chunks the data is cut into.
    """

    samples: Samples
    colour_type: int
    bit_depth: int
    interlaced: bool = False
    before_data: Sequence[bytes] = ()
    after_data: Sequence[bytes] = ()
    data: bytes | None = None
    data_chunks: int = 1
    end: Sequence[bytes] = field(default_factory=lambda: (chunk(b"IEND", b""),))

    @property
    def header(self) -> bytes:
        """IHDR."""
        height, width, _ = self.samples.shape
        kind = (self.bit_depth, self.colour_type, 0, 0, self.interlaced)
        return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, *kind))

    @property
    def stream(self) -> bytes:
        """The filtered rows before they are compressed."""
        passes = _PASSES if self.interlaced else ((0, 0, 1, 1),)
        parts = (self.samples[top::down, left::right] for top, left, down, right in passes)
        return b"".join(self._rows(part) for part in parts if part.size)

    def write(self) -> bytes:
        """The file."""
        data = zlib.compress(self.stream) if self.data is None else self.data
        size = -(-len(data) // self.data_chunks) or 1
        pieces = [data[at : at + size] for at in range(0, len(data), size)]
        chunks = [chunk(b"IDAT", piece) for piece in pieces]
        parts = (SIGNATURE, self.header, *self.before_data, *chunks, *self.after_data, *self.end)
        return b"".join(parts)

    def _rows(self, samples: Samples) -> bytes:
        pixel_bytes = max(1, CHANNELS[self.colour_type] * self.bit_depth // 8)
        return b"".join(filtered(packed(samples, self.bit_depth), pixel_bytes))


def packed(samples: Samples, bit_depth: int) -> Rows:
    """(H, bytes per row): the samples of each row behind each other, most significant bit first."""
    rows = samples.reshape(len(samples), -1)
    if bit_depth == 16:
        big_endian: Rows = rows.astype(">u2").view(np.uint8)
        return big_endian
    if bit_depth == 8:
        return rows.astype(np.uint8)
    bits = rows[..., None] >> np.arange(bit_depth)[::-1] & 1  # (H, samples, bit_depth)
    return np.packbits(bits.reshape(len(rows), -1).astype(np.uint8), axis=1)


def filtered(rows: Rows, pixel_bytes: int) -> Iterator[bytes]:
    """Each row with a filter type before it; the types take turns."""
    above = np.zeros_like(rows[0])
    for index, row in enumerate(rows):
        kind = index % _FILTERS
        left, corner = (_shifted(line, pixel_bytes) for line in (row, above))
        yield bytes([kind]) + (row - _predicted(kind, left, above, corner)).tobytes()
        above = row


def _shifted(row: Rows, pixel_bytes: int) -> Rows:
    shifted = np.zeros_like(row)
    shifted[pixel_bytes:] = row[:-pixel_bytes]
    return shifted


def _predicted(kind: int, left: Rows, above: Rows, corner: Rows) -> Rows:
    """Section 9.2, table 9.1."""
    average = (left.astype(int) + above) // 2
    options = (np.zeros_like(left), left, above, average.astype(np.uint8))
    return _paeth(left, above, corner) if kind == _PAETH else options[kind]


def _paeth(left: Rows, above: Rows, corner: Rows) -> Rows:
    a, b, c = (line.astype(int) for line in (left, above, corner))
    estimate = a + b - c
    distances = np.stack([np.abs(estimate - value) for value in (a, b, c)])
    chosen: Rows = np.choose(distances.argmin(axis=0), (left, above, corner))  # first of equals
    return chosen
