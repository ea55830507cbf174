"""The parts of a form that are texts."""

from typing import Final

from python_multipart.multipart import parse_options_header

from frontend.errors.request import InvalidParameterError
from frontend.forms.multipart import Part

_CHARSETS: Final = (b"utf-8", b"utf8", b"us-ascii", b"ascii")  # the latter are part of the former


def text_of(part: Part) -> str:
    """Return the text of a part.

    Raises:
        InvalidParameterError: it is a file, or not in UTF-8, or has a NUL character, which neither
            databases nor tokenizers take.
    """
    if part.file_name is not None:
        message = f"Invalid type for '{part.name}': expected a string, but got a file instead."
        raise InvalidParameterError(part.name, message, "invalid_type")
    text = _decoded(part)
    if text is None:
        raise InvalidParameterError(part.name, f"Invalid '{part.name}': not UTF-8.")
    if "\0" in text:
        raise InvalidParameterError(part.name, f"Invalid '{part.name}': it has a NUL character.")
    return text


def _decoded(part: Part) -> str | None:
    """The text, or None where it is not in UTF-8 or says that it is not."""
    _, options = parse_options_header(part.content_type)
    if options.get(b"charset", b"utf-8").lower() not in _CHARSETS:
        return None
    try:
        return part.data.decode()
    except UnicodeDecodeError:
        return None
