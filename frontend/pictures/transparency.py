"""The colour that a PNG names as transparent (tRNS) -> an alpha channel."""

import io
from typing import Final

import numpy as np
from PIL import Image, ImageChops

from frontend.pictures.header import Header

_NAMED: Final = "transparency"  # Pillow's name of tRNS


def with_transparency(image: Image.Image, png: bytes, header: Header) -> Image.Image:
    """Return the decoded `image` as RGB, or as RGBA where the file has transparency of any kind.

    A colour named transparent is compared with samples as they are stored, with all their bits.
    Pillow compares 16-bit samples by their high byte, and those of less than 8 bits after scaling.

    Args:
        image: as Pillow decodes it.
        png: the file that `image` was decoded from.
        header: its header.
    """
    if image.mode == "I;16":
        return _grey_of_sixteen_bits(image)
    named = image.info.get(_NAMED)
    if isinstance(named, tuple) and header.bit_depth == 16:
        return _rgb_of_sixteen_bits(image, png, named)
    if image.mode in ("L", "RGB") and named is not None:
        image.info[_NAMED] = _scaled(named, header.bit_depth)
    return _converted(image, "RGBA" if image.has_transparency_data else "RGB")


def _converted(image: Image.Image, mode: str) -> Image.Image:
    return image if image.mode == mode else image.convert(mode)  # which would copy


def _scaled(named: int | tuple[int, ...], bit_depth: int) -> int | tuple[int, ...]:
    """Scale samples of `bit_depth` to 8 bits; bits beyond the depth say nothing."""
    if isinstance(named, tuple):
        return tuple(sample & 255 for sample in named)
    largest = (1 << bit_depth) - 1
    return (named & largest) * 255 // largest


def _grey_of_sixteen_bits(image: Image.Image) -> Image.Image:
    samples = np.asarray(image)
    grey = Image.fromarray((samples >> 8).astype(np.uint8))
    named = image.info.get(_NAMED)
    if named is None:
        return grey.convert("RGB")
    alpha = Image.fromarray(np.where(samples == named, 0, 255).astype(np.uint8))
    return Image.merge("RGBA", (grey, grey, grey, alpha))


def _rgb_of_sixteen_bits(image: Image.Image, png: bytes, named: tuple[int, ...]) -> Image.Image:
    """Compare the high bytes, which Pillow keeps, and only if some are equal the low ones too."""
    image.info[_NAMED] = tuple(sample >> 8 for sample in named)
    colour = image.convert("RGBA")
    high = colour.getchannel("A")
    if high.getextrema()[0] == 0:
        colour.putalpha(ImageChops.lighter(high, _low_bytes_alpha(png, named)))
    return colour


def _low_bytes_alpha(png: bytes, named: tuple[int, ...]) -> Image.Image:
    """0 where the low bytes of all samples are equal to those of `named`."""
    with Image.open(io.BytesIO(png), formats=("PNG",)) as again:
        # The unpacker for little-endian samples takes the second byte of each.
        again.tile = [tile._replace(args="RGB;16L") for tile in again.tile]
        again.info[_NAMED] = tuple(sample & 255 for sample in named)
        return again.convert("RGBA").getchannel("A")
