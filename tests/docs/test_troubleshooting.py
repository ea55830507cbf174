"""The messages that the page of troubleshooting explains are those of the program."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PAGE = Path("docs/troubleshooting.md")
MESSAGE = re.compile(r"^\| `([^`]+)`", re.MULTILINE)
PRODUCT = ("retouch", "frontend", "export")
MESSAGES = MESSAGE.findall(PAGE.read_text())


def said(node: ast.AST) -> Iterator[str]:
    """A text of the code as the page writes it: with `...` for what differs."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values):
            yield "".join("".join(said(value)) or "..." for value in values)


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Every text in the code of the product."""
    files = [file for folder in PRODUCT for file in Path(folder).rglob("*.py")]
    nodes = (node for file in files for node in ast.walk(ast.parse(file.read_text())))
    return [text for node in nodes for text in said(node)]


@pytest.mark.parametrize("message", MESSAGES)
def test_the_program_says_it(message: str, texts: list[str]) -> None:
    form = re.compile(".*".join(map(re.escape, message.split("..."))))
    assert any(form.fullmatch(text) for text in texts)


def test_no_message_is_explained_twice() -> None:
    assert MESSAGES
    assert len(MESSAGES) == len(set(MESSAGES))
