"""PNG bytes -> 8-bit pixels, for every colour type, bit depth and kind of transparency."""

import io
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image

from frontend.errors.foreign import picture_errors, translating
from frontend.pictures.chunks import pixel_chunks
from frontend.pictures.header import Header
from frontend.pictures.orientation import upright

Pixels = NDArray[np.uint8]
_TWO_BYTES: Final = 16


@dataclass(frozen=True)
class Picture:
    """A decoded picture.

    Attributes:
        pixels: (H, W, 3) RGB or (H, W, 4) RGBA, uint8, not premultiplied.
        kind: Pillow's name of what the file holds: "1", "L", "LA", "P", "RGB", "RGBA" or "I;16".
    """

    pixels: Pixels
    kind: str

    @property
    def alpha(self) -> Pixels | None:
        """The alpha channel (H, W), or None where the file has no transparency of any kind."""
        return self.pixels[..., 3] if self.pixels.shape[2] == 4 else None


def decode(png: bytes, param: str) -> Picture:
    """Decode `png`, the file of field `param`, turned upright as its EXIF orientation says.

    Samples of 16 bits keep their high byte, as Pillow and libpng's `png_set_strip_16` do.

    Raises:
        InvalidImageFileError: the file is damaged.
    """
    with translating(picture_errors(param)):
        header = Header.read(png)
        bare = pixel_chunks(png)
        with Image.open(io.BytesIO(bare), formats=("PNG",)) as image:
            image.load()
            pixels = _with_transparency(image, bare, header)
            return Picture(upright(pixels, _orientation(image)), image.mode)


def _with_transparency(image: Image.Image, png: bytes, header: Header) -> Pixels:
    transparent = image.info.get("transparency")
    if transparent is None:
        return _eight_bits(image)
    if image.mode == "P":
        return np.asarray(image.convert("RGBA"))
    colour = _eight_bits(image)  # (H, W, 3)
    if image.mode == "RGB":
        opaque = (_exact_rgb(image, png, header) != np.array(transparent)).any(axis=2)
    else:
        opaque = _exact_grey(image, header) != transparent
    return np.dstack([colour, np.where(opaque, 255, 0).astype(np.uint8)])


def _eight_bits(image: Image.Image) -> Pixels:
    """(H, W, 3 or 4): the samples as 8-bit RGB, with the alpha channel if the mode has one."""
    if image.mode.startswith("I"):
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    return np.asarray(image.convert("RGBA" if image.mode in ("LA", "RGBA") else "RGB"))


def _exact_grey(image: Image.Image, header: Header) -> NDArray[Any]:
    """(H, W): grey samples as stored, as tRNS names them; Pillow scales those below 8 bits."""
    if image.mode == "1":
        # Pillow scales both the sample and tRNS to 0 and 255 here.
        return np.asarray(image).astype(np.uint8) * np.uint8(255)
    samples = np.asarray(image)
    return samples if header.bit_depth >= 8 else samples // (255 // (2**header.bit_depth - 1))


def _exact_rgb(image: Image.Image, png: bytes, header: Header) -> NDArray[Any]:
    """(H, W, 3): RGB samples as stored; of 16 bits Pillow keeps the high byte: fetch the low."""
    high = np.asarray(image)
    if header.bit_depth != _TWO_BYTES:
        return high
    with Image.open(io.BytesIO(png), formats=("PNG",)) as again:
        # The unpacker for little-endian samples takes the second byte of each.
        again.tile = [tile._replace(args="RGB;16L") for tile in again.tile]
        exact: NDArray[Any] = high.astype(np.uint16) << 8 | np.asarray(again)
        return exact


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except (ValueError, TypeError, OSError, SyntaxError, KeyError):
        return 1  # damaged EXIF says nothing about the pixels
