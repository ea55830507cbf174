"""Fields that are fine each by itself, but not together."""

from frontend.errors.request import InvalidParameterError
from frontend.forms.fields import EditFields

_UNDECIDED = ("auto", "standard")


def check_combinations(fields: EditFields) -> None:
    """Refuse fields of which one would have to be ignored.

    Raises:
        InvalidParameterError: two fields exclude each other.
    """
    if fields.output_compression is not None and fields.output_format == "png":
        raise InvalidParameterError(
            "output_compression",
            "Invalid 'output_compression': 'png' is lossless and has no compression level. "
            "Leave it out, or set 'output_format' to 'jpeg' or 'webp'.",
        )
    if fields.num_inference_steps is not None and fields.quality not in _UNDECIDED:
        raise InvalidParameterError(
            "quality",
            f"Invalid 'quality': '{fields.quality}' sets the number of steps, "
            "and so does 'num_inference_steps'. Leave one of them out.",
        )
    _check_stream(fields)


def _check_stream(fields: EditFields) -> None:
    asks_for_url = "response_format" in fields.model_fields_set and fields.response_format == "url"
    if fields.stream and asks_for_url:
        raise InvalidParameterError(
            "response_format", "Invalid value: 'url'. A stream's events carry 'b64_json'."
        )
    for name in ("partial_images", "progress"):
        if getattr(fields, name) and not fields.stream:
            raise InvalidParameterError(
                name, f"Invalid '{name}': only supported together with 'stream'."
            )
