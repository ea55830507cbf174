"""Pydantic's complaints about form fields -> OpenAI's words for them."""

from collections.abc import Callable, Mapping
from typing import Final

from pydantic_core import ErrorDetails

from frontend.errors.quotation import quotation
from frontend.errors.request import (
    InvalidParameterError,
    MissingParameterError,
    RequestError,
    UnknownParameterError,
)

Sentence = Callable[[str, ErrorDetails], str]


def _limit(side: str, relation: str, key: str) -> Sentence:
    return lambda param, details: (
        f"Invalid '{param}': {_kind(details)} {side} value. Expected a value {relation} "
        f"{details['ctx'][key]}, but got {quotation(details['input'])} instead."
    )


def _kind(details: ErrorDetails) -> str:
    """OpenAI's word for a field's type of number, as its limit shows it."""
    return "decimal" if float in map(type, details.get("ctx", {}).values()) else "integer"


def _length(side: str, bound: str, key: str) -> Sentence:
    return lambda param, details: (
        f"Invalid '{param}': string too {side}. Expected a string with {bound} length "
        f"{details['ctx'][key]}, but got a string with length {len(details['input'])} instead."
    )


def _expected(what: str) -> Sentence:
    return lambda param, _: f"Invalid type for '{param}': expected {what}."


def _supported(_: str, details: ErrorDetails) -> str:
    *others, last = details["ctx"]["expected"].replace(" or ", ", ").split(", ")
    comma = "," if len(others) > 1 else ""
    listed = f"{', '.join(others)}{comma} and {last}" if others else last
    return f"Invalid value: '{quotation(details['input'])}'. Supported values are: {listed}."


# Pydantic's error type -> our code and sentence.
FIELD_ERRORS: Final[Mapping[str, tuple[str, Sentence]]] = {
    "literal_error": ("invalid_value", _supported),
    "int_parsing": ("invalid_type", _expected("an integer")),
    "int_parsing_size": ("invalid_type", _expected("an integer of less than 64 bits")),
    "int_from_float": ("invalid_type", _expected("an integer")),
    "float_parsing": ("invalid_type", _expected("a number")),
    "bool_parsing": ("invalid_type", _expected("a boolean")),
    "finite_number": ("invalid_type", _expected("a finite number")),
    "string_too_long": ("string_above_max_length", _length("long", "maximum", "max_length")),
    "string_too_short": ("string_below_min_length", _length("short", "minimum", "min_length")),
    "less_than_equal": ("{kind}_above_max_value", _limit("above maximum", "<=", "le")),
    "greater_than_equal": ("{kind}_below_min_value", _limit("below minimum", ">=", "ge")),
    "greater_than": ("{kind}_below_min_value", _limit("below minimum", ">", "gt")),
}


def field_error(details: ErrorDetails) -> RequestError:
    """Return our error for one of Pydantic's."""
    param = str(details["loc"][-1]) if details["loc"] else ""
    if details["type"] == "missing":
        return MissingParameterError(param)
    if details["type"] == "extra_forbidden":
        return UnknownParameterError(param)
    if details["type"] not in FIELD_ERRORS:
        return InvalidParameterError(param, f"Invalid '{param}': {details['msg']}.")
    code, sentence = FIELD_ERRORS[details["type"]]
    kind = _kind(details)
    return InvalidParameterError(param, sentence(param, details), code.format(kind=kind))
