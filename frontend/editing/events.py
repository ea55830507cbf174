"""What a client can be told while its edit is under way."""

from dataclasses import dataclass

from frontend.admission.state import Standing
from frontend.editing.usage import Usage
from frontend.inference.models import Progress
from frontend.pictures.edit import Background


@dataclass(frozen=True)
class Preview:
    """How a picture looks like becoming.

    Attributes:
        image_index: which of the edit's pictures, from 0.
        preview_index: which of this picture's previews, from 0.
        picture: the file.
        background: whether it has transparent pixels.
    """

    image_index: int
    preview_index: int
    picture: bytes
    background: Background


@dataclass(frozen=True)
class Finished:
    """A finished picture.

    Attributes:
        image_index: which of the edit's pictures, from 0.
        picture: the file.
        background: whether it has transparent pixels.
        usage: of the edit so far.
    """

    image_index: int
    picture: bytes
    background: Background
    usage: Usage


EditEvent = Standing | Progress | Preview | Finished
