"""The text fields of an edit, their limits and defaults."""

from collections.abc import Iterable
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from frontend.errors.request import RepeatedParameterError
from frontend.errors.validation import field_error
from frontend.forms.multipart import Part
from frontend.forms.numbers import PlainInteger, PlainNumber
from frontend.forms.texts import text_of
from frontend.pictures.encode import BEST_QUALITY, Encoding
from frontend.pictures.formats import PictureFormat

LARGEST_SEED: Final = 2**63 - 1
LARGEST_STEPS: Final = 100


# Clients that always send the field say by an empty one that they know nobody.
Person = Annotated[
    Annotated[str, Field(max_length=512)] | None, BeforeValidator(lambda name: name or None)
]


class EditFields(BaseModel):
    """The fields of `POST /v1/images/edits` but for its files."""

    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())

    prompt: Annotated[
        str,
        Field(
            min_length=1,
            max_length=1000,
            description="Text description of the desired edit or what should fill the masked area.",
        ),
    ]
    model: Annotated[str, Field(min_length=1, description="Image model id from GET /v1/models.")]
    n: Annotated[
        int, Field(ge=1, le=10, description="Number of images to generate."), PlainInteger
    ] = 1
    size: Annotated[
        Literal["256x256", "512x512", "1024x1024"], Field(description="Output dimensions.")
    ] = "1024x1024"
    response_format: Annotated[
        Literal["url", "b64_json"],
        Field(description="A temporary URL, or the picture itself as base64."),
    ] = "url"
    user: Annotated[Person, Field(description="End-user identifier for abuse tracking.")] = None
    safety_identifier: Annotated[
        Person, Field(description="Newer name of `user`; wins over it.")
    ] = None
    seed: Annotated[
        int | None,
        Field(
            ge=0,
            le=LARGEST_SEED,
            description="Extension: makes the result repeatable; image i uses seed + i.",
        ),
        PlainInteger,
    ] = None
    negative_prompt: Annotated[
        str | None, Field(max_length=1000, description="Extension: what should not be painted.")
    ] = None
    quality: Annotated[
        Literal["low", "medium", "high", "auto", "standard"],
        Field(
            description="Extension: half (`low`) or twice (`high`) the model's default steps; the "
            "others are the default. `standard` is deprecated."
        ),
    ] = "auto"
    num_inference_steps: Annotated[
        int | None,
        Field(
            ge=1,
            le=LARGEST_STEPS,
            description="Extension: denoising steps; not with a `quality` that sets them too.",
        ),
        PlainInteger,
    ] = None
    guidance_scale: Annotated[
        float | None,
        Field(ge=0, le=50, allow_inf_nan=False, description="Extension: guidance scale."),
        PlainNumber,
    ] = None
    strength: Annotated[
        float | None,
        Field(
            gt=0,
            le=1,
            allow_inf_nan=False,
            description="Extension: 1 repaints from nothing, less keeps some of what was there.",
        ),
        PlainNumber,
    ] = None
    background: Annotated[
        Literal["auto", "opaque"],
        Field(
            description="Extension: `auto` keeps the image's transparency outside the mask, "
            "`opaque` puts it on white."
        ),
    ] = "auto"
    output_format: Annotated[
        Literal["png", "jpeg", "webp"],
        Field(description="Extension: kind of file. `jpeg` has no transparency: white instead."),
    ] = "png"
    output_compression: Annotated[
        int | None,
        Field(
            ge=0,
            le=BEST_QUALITY,
            description="Extension, `jpeg` and `webp` only: 100 (the default) is the best quality, "
            "0 the smallest file. Only `webp` at 100 is lossless.",
        ),
        PlainInteger,
    ] = None

    stream: Annotated[
        bool, Field(description="Answer with server-sent events instead of one JSON object.")
    ] = False
    partial_images: Annotated[
        int, Field(ge=0, le=3, description="With `stream`: previews of each image."), PlainInteger
    ] = 0
    progress: Annotated[
        bool, Field(description="Extension: with `stream`, report the queue and every step.")
    ] = False

    @property
    def side_pixels(self) -> int:
        """The side of the output in pixels."""
        return int(self.size.partition("x")[0])

    @property
    def encoding(self) -> Encoding:
        """How the results are to be written."""
        quality = BEST_QUALITY if self.output_compression is None else self.output_compression
        kind = PictureFormat(self.output_format)
        return Encoding(kind, quality, opaque=self.background == "opaque")

    @property
    def answered_quality(self) -> Literal["low", "medium", "high", "auto"]:
        """The quality in today's words."""
        return "medium" if self.quality == "standard" else self.quality

    @property
    def person(self) -> str | None:
        """Who the caller says is behind the request."""
        return self.safety_identifier if self.safety_identifier is not None else self.user

    @property
    def person_field(self) -> str:
        """Which field says so."""
        return "user" if self.safety_identifier is None else "safety_identifier"


def read_fields(parts: Iterable[Part]) -> EditFields:
    """Check the text parts of a form.

    Raises:
        RequestError: a field is missing, unknown, repeated or out of its limits.
    """
    values: dict[str, str] = {}
    for part in parts:
        if part.name in values:
            raise RepeatedParameterError(part.name, 2)
        values[part.name] = text_of(part)
    try:
        return EditFields.model_validate(values)
    except ValidationError as error:
        raise field_error(error.errors()[0]) from None  # the cause would carry the prompt
