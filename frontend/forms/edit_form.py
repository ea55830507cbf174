"""The whole form of an edit, checked as far as that is cheap."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from frontend.errors.request import MissingParameterError, RepeatedParameterError
from frontend.forms.combinations import check_combinations
from frontend.forms.fields import EditFields, read_fields
from frontend.forms.multipart import Part
from frontend.forms.uploads import check_image, check_mask

_FILE_FIELDS: Final = {"image": "image", "image[]": "image", "mask": "mask", "mask[]": "mask"}


@dataclass(frozen=True)
class EditForm:
    """An edit as the client asks for it; the pictures are still encoded."""

    image: Part
    mask: Part | None
    fields: EditFields

    def check_pictures(self, max_side_pixels: int) -> None:
        """Check what the pictures' headers say.

        Raises:
            PictureError: a picture cannot be used.
        """
        header = check_image(self.image, max_side_pixels)
        if self.mask is not None:
            check_mask(self.mask, header, max_side_pixels)


def read_form(parts: Iterable[Part]) -> EditForm:
    """Sort the parts of a form and check its fields, but not its pictures.

    Raises:
        RequestError: a field is missing, unknown, repeated or out of its limits.
    """
    files: dict[str, list[Part]] = {"image": [], "mask": []}
    texts = []
    for part in parts:
        if part.name not in _FILE_FIELDS:
            texts.append(part)
        elif not part.is_blank_file:
            files[_FILE_FIELDS[part.name]].append(part)
    image, mask = _at_most_one("image", files["image"]), _at_most_one("mask", files["mask"])
    if image is None:
        raise MissingParameterError("image")
    fields = read_fields(texts)
    check_combinations(fields)
    return EditForm(image, mask, fields)


def _at_most_one(param: str, parts: list[Part]) -> Part | None:
    if len(parts) > 1:
        raise RepeatedParameterError(param, len(parts))
    return parts[0] if parts else None
