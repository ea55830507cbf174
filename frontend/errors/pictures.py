"""400: a picture of the request cannot be used."""

from frontend.errors.base import ApiError


class PictureError(ApiError):
    """The image or the mask is at fault."""

    status = 400
    type = "invalid_request_error"


class ImageFormatError(PictureError):
    """No PNG, or too many bytes."""

    code = "invalid_image_format"

    def __init__(self, param: str) -> None:
        super().__init__("Uploaded image must be a PNG and less than 4 MB.")
        self.param = param


class UnsupportedMimetypeError(PictureError):
    """The part declares another type, and is no PNG either."""

    code = "unsupported_file_mimetype"

    def __init__(self, param: str, content_type: str) -> None:
        super().__init__(
            f"Invalid file '{param}': unsupported mimetype ('{content_type}'). "
            "Supported file formats are 'image/png'."
        )
        self.param = param


class NotSquareError(PictureError):
    """The image is no square."""

    code = "invalid_image_format"
    param = "image"

    def __init__(self, width: int, height: int) -> None:
        super().__init__(f"Uploaded image must be square, but it is {width}x{height} pixels.")


class TooManyPixelsError(PictureError):
    """Too many pixels a side."""

    code = "invalid_image_format"

    def __init__(self, param: str, limit_pixels: int) -> None:
        super().__init__(f"Uploaded image must be at most {limit_pixels} pixels a side.")
        self.param = param


class ImageWithoutAlphaError(PictureError):
    """No mask, and an image without transparency."""

    code = "invalid_image_format"
    param = "image"

    def __init__(self, kind: str) -> None:
        super().__init__(
            f"Invalid input image - format must be in ['RGBA', 'LA', 'L'], got {kind}. "
            "Send a mask, or make the area to edit fully transparent."
        )


class NothingTransparentError(PictureError):
    """There is an alpha channel, but no pixel to repaint."""

    code = "invalid_mask_image_format"

    def __init__(self, param: str) -> None:
        super().__init__(
            f"Invalid {param} - no pixel is fully transparent. "
            "Make the area to edit fully transparent (alpha 0)."
        )
        self.param = param


class InvalidImageFileError(PictureError):
    """The file is damaged."""

    type = "image_generation_user_error"
    code = "invalid_image_file"

    def __init__(self, param: str) -> None:
        super().__init__("Invalid image file or mode for image 1, please check your image file.")
        self.param = param


class MaskSizeError(PictureError):
    """The mask is not as large as the image."""

    type = "image_generation_user_error"
    code = "invalid_mask_image_format"
    param = "mask"

    def __init__(self) -> None:
        super().__init__("Invalid mask image format - mask size does not match image size")


class MaskWithoutAlphaError(PictureError):
    """The mask has no transparency."""

    type = "image_generation_user_error"
    code = "invalid_mask_image_format"
    param = "mask"

    def __init__(self) -> None:
        super().__init__("Invalid mask image format - mask image missing alpha channel")
