"""PNG bytes -> 8-bit pixels, for every colour type, bit depth and kind of transparency."""

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from frontend.errors.foreign import picture_errors, translating
from frontend.pictures.chunks import EXIF, bare_png, read_chunks
from frontend.pictures.header import ColourType, Header
from frontend.pictures.orientation import orientation_of, upright
from frontend.pictures.transparency import with_transparency

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Picture:
    """A decoded picture.

    Attributes:
        image: RGB, or RGBA where the file has transparency of any kind; 8 bits, not premultiplied.
        kind: Pillow's name of what the file holds: "1", "L", "LA", "P", "RGB", "RGBA" or "I;16".
    """

    image: Image.Image
    kind: str

    @property
    def alpha(self) -> Pixels | None:
        """The alpha channel (H, W), or None where the file has no transparency of any kind."""
        return np.asarray(self.image.getchannel("A")) if self.image.mode == "RGBA" else None


def decode(png: bytes, param: str) -> Picture:
    """Decode `png`, the file of field `param`, turned upright as its EXIF orientation says.

    Samples of 16 bits keep their high byte, as Pillow and libpng's `png_set_strip_16` do.

    Raises:
        InvalidImageFileError: the file is damaged.
    """
    with translating(picture_errors(param)):
        header = Header.read(png)
        chunks = read_chunks(png)
        if header.colour_type is ColourType.PALETTE and b"PLTE" not in chunks:
            raise ValueError("the palette is missing")
        bare = bare_png(chunks)
        with Image.open(io.BytesIO(bare), formats=("PNG",)) as image:
            image.load()
            colour = with_transparency(image, bare, header)
            return Picture(upright(colour, orientation_of(chunks.get(EXIF, b""))), image.mode)
