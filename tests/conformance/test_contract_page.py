"""Every row of the contract's page names a test that exists."""

from pathlib import Path

import pytest

from frontend.forms.fields import EditFields
from tests.conformance.test_errors import ROWS
from tests.docs.proofs import is_there, proofs, table_rows

TEXT = Path("docs/contract.md").read_text()


@pytest.mark.parametrize("file", sorted({proof.file for proof in proofs(TEXT)}))
def test_every_named_test_exists(file: str) -> None:
    named = [proof for proof in proofs(TEXT) if proof.file == file]
    assert [proof for proof in named if not is_there(proof)] == []
    assert {proof.case for proof in named if proof.case} <= set(ROWS)


def test_every_row_of_a_table_is_proved() -> None:
    rows = list(table_rows(TEXT))
    assert rows
    assert [row for row in rows if not proofs(row[-1])] == []


def test_every_field_has_a_row() -> None:
    request = TEXT.partition("## Request")[2].partition("## Answer")[0]
    first_cells = " ".join(cells[0] for cells in table_rows(request))
    missing = {name for name in EditFields.model_fields if f"`{name}`" not in first_cells}
    assert missing == set()
