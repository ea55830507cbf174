"""Usage as a file for spreadsheets."""

import csv
from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any, Final, TextIO

from frontend.usage.report import UsageLine

_COLUMNS: Final = [field.name for field in fields(UsageLine)]


def write_csv(lines: Sequence[UsageLine], file: TextIO) -> None:
    """Write a head and one row per line."""
    writer = csv.DictWriter(file, _COLUMNS)
    writer.writeheader()
    writer.writerows(
        {name: _harmless(value) for name, value in asdict(line).items()} for line in lines
    )


def _harmless(value: Any) -> Any:
    """A name that a stranger chose is text to a spreadsheet, never a formula."""
    is_formula = isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{value}" if is_formula else value
