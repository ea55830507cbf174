"""The kinds of files that results can be."""

from enum import StrEnum


class PictureFormat(StrEnum):
    """A kind of file; the values are those of the field `output_format` and files' suffixes."""

    PNG = "png"
    JPEG = "jpeg"
    WEBP = "webp"

    @property
    def media_type(self) -> str:
        """Its content type."""
        return f"image/{self}"
