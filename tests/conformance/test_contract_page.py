"""Every row of the contract's page names a test that exists."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from frontend.forms.fields import EditFields
from tests.conformance.test_errors import ROWS

PAGE = Path("docs/contract.md")
PROOF = re.compile(r"`(\w[\w/]*\.py)::(\w+)(?:\[([^\]]+)\])?`")
TEXT = PAGE.read_text()


@cache
def named_in(file: str) -> set[str]:
    """The names of the tests in a file below `tests/`."""
    tree = ast.parse((Path("tests") / file).read_text())
    return {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name[:5] == "test_"
    }


@pytest.mark.parametrize("file", sorted({file for file, _, _ in PROOF.findall(TEXT)}))
def test_every_named_test_exists(file: str) -> None:
    named = {(name, row) for found, name, row in PROOF.findall(TEXT) if found == file}
    assert {name for name, _ in named} <= named_in(file)
    assert {row for _, row in named if row} <= set(ROWS)


def test_every_row_of_a_table_is_proved() -> None:
    rows = [line for line in TEXT.splitlines() if line.startswith("| ") and "| proof |" not in line]
    assert rows
    assert [row for row in rows if not PROOF.search(row)] == []


def test_every_field_has_a_row() -> None:
    request = TEXT.partition("## Request")[2].partition("## Answer")[0]
    first_cells = " ".join(line.split("|")[1] for line in request.splitlines() if "|" in line)
    missing = {name for name in EditFields.model_fields if f"`{name}`" not in first_cells}
    assert missing == set()
