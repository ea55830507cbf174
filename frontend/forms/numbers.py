"""Numbers as a form carries them: plain decimal ones.

Pydantic alone would take more than other servers: spaces, underscores, and 1.0 for 1.
"""

import re
from typing import Any, Final

from pydantic import BeforeValidator
from pydantic_core import PydanticKnownError

_INTEGER: Final = re.compile(r"[+-]?\d+", re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def _integer(value: Any) -> Any:
    if isinstance(value, str) and not _INTEGER.fullmatch(value):
        raise PydanticKnownError("int_parsing")
    return value


def _number(value: Any) -> Any:
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        raise PydanticKnownError("float_parsing")
    return value


# Go behind a field's limits, so as to come before them.
PlainInteger: Final = BeforeValidator(_integer)
PlainNumber: Final = BeforeValidator(_number)
