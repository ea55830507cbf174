"""Tables that lose nothing, be the terminal narrow or the output a file."""

import sys
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

_FILE_COLUMNS: Final = 240


def new_table(*headers: str) -> Table:
    """Return a table whose cells fold where they do not fit; rich would cut them."""
    table = Table()
    for header in headers:
        table.add_column(header, overflow="fold")
    return table


def cell(text: str) -> str:
    """Return a text that a stranger may have chosen as a cell that shows it and does nothing else.

    It is neither rich's markup nor a command to the terminal: what does not print, such as ESC or a
    change of the writing's direction, is shown as Python would write it.
    """
    shown = (char if char.isprintable() else ascii(char)[1:-1] for char in text)
    return escape("".join(shown))


def print_table(table: Table) -> None:
    """Print to standard output, as wide as the terminal or, where that is a file, as needed."""
    Console(width=None if sys.stdout.isatty() else _FILE_COLUMNS).print(table)
