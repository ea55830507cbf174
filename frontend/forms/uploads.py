"""What can be said about an uploaded picture without decoding it."""

from typing import Final

from frontend.errors.foreign import picture_errors, translating
from frontend.errors.pictures import (
    ImageFormatError,
    MaskSizeError,
    NotSquareError,
    TooManyPixelsError,
    UnsupportedMimetypeError,
)
from frontend.forms.multipart import Part
from frontend.pictures.header import SIGNATURE, Header

_LIMIT_BYTES: Final = 4 * 2**20  # this many are too many
_UNDECLARED: Final = "application/octet-stream"


def check_image(part: Part, max_side_pixels: int) -> Header:
    """Check the image's type, size in bytes and size in pixels.

    Raises:
        PictureError: it is no square PNG within the limits.
    """
    header = _checked_header(part, "image", max_side_pixels)
    if header.width != header.height:
        raise NotSquareError(header.width, header.height)
    return header


def check_mask(part: Part, image: Header, max_side_pixels: int) -> None:
    """Check the mask's type and sizes, and that it is as large as the image.

    Raises:
        PictureError: it is no PNG within the limits, or not as large as the image.
    """
    if _checked_header(part, "mask", max_side_pixels).size != image.size:
        raise MaskSizeError


def _checked_header(part: Part, param: str, max_side_pixels: int) -> Header:
    if not part.data.startswith(SIGNATURE):
        declared = part.content_type or _UNDECLARED
        if declared != _UNDECLARED and not declared.startswith("image/"):
            raise UnsupportedMimetypeError(param, declared)
        raise ImageFormatError(param)
    if part.size_bytes >= _LIMIT_BYTES:
        raise ImageFormatError(param)
    with translating(picture_errors(param)):
        header = Header.read(bytes(part.data[:64]))
    if max(header.size) > max_side_pixels:
        raise TooManyPixelsError(param, max_side_pixels)
    return header
