"""Pages that prove what they say: `folder/test_file.py::test_name` names a test below `tests/`."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

_PROOF: Final = re.compile(r"`(\w[\w/]*\.py)::(\w+)(?:\[([^\]]+)\])?`")


class Proof(NamedTuple):
    """A test that a page names.

    Attributes:
        file: its file below `tests/`.
        name: its function.
        case: one of its parameters' ids, or empty.
    """

    file: str
    name: str
    case: str


def proofs(text: str) -> list[Proof]:
    """The tests that a text names."""
    return [Proof(*found) for found in _PROOF.findall(text)]


def is_there(proof: Proof) -> bool:
    """Whether the test exists; its case is not looked at."""
    return proof.name in _tests(Path("tests") / proof.file)


def table_rows(text: str) -> Iterator[list[str]]:
    """The cells of all rows of a text's tables, but for heads and the lines below them."""
    lines = text.splitlines()
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith("| ") and not below.startswith("|---"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


@cache
def _tests(file: Path) -> set[str]:
    tree = ast.parse(file.read_text() if file.exists() else "")
    return {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name[:5] == "test_"
    }
