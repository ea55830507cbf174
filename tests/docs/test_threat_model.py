"""Pages name tests that exist, and the threat model judges all of ASVS' chapter on files."""

from pathlib import Path

import pytest

from tests.docs.proofs import Proof, is_there, proofs, table_rows

DOCS = Path("docs")
TEXT = (DOCS / "threat-model.md").read_text()
CHAPTER = {"5.1": 1, "5.2": 6, "5.3": 3, "5.4": 3}  # requirements of each section of ASVS 5.0 V5
VERDICTS = {"met", "not applicable", "gap"}


def section(heading: str) -> str:
    """The text below a heading of the second level."""
    found = TEXT.partition(f"\n## {heading}\n")[2]
    assert found, heading
    return found.partition("\n## ")[0]


@pytest.mark.parametrize("page", ["threat-model.md", "reliability.md"])
def test_every_named_test_exists(page: str) -> None:
    named = proofs((DOCS / page).read_text())
    assert named
    assert [proof for proof in named if not is_there(proof)] == []


@pytest.mark.parametrize(
    "proof",
    [
        Proof("docs/test_threat_model.py", "test_that_nobody_wrote", ""),
        Proof("docs/test_absent.py", "test_every_named_test_exists", ""),
        Proof("docs/test_threat_model.py", "section", ""),  # no test
    ],
)
def test_a_test_that_does_not_exist_is_noticed(proof: Proof) -> None:
    assert not is_there(proof)


def test_every_answer_to_a_threat_is_shown_by_a_test() -> None:
    rows = list(table_rows(section("Threats")))
    assert len(rows) > 20
    assert [row[0] for row in rows if not proofs(row[-1])] == []


def test_every_requirement_on_files_has_a_verdict() -> None:
    judged = [row[0] for row in table_rows(section("OWASP ASVS 5.0, V5 File Handling"))]
    numbers = [f"{part}.{index + 1}" for part, count in CHAPTER.items() for index in range(count)]
    assert judged == numbers


def test_what_is_met_is_shown_by_a_test() -> None:
    rows = list(table_rows(section("OWASP ASVS 5.0, V5 File Handling")))
    assert {row[3] for row in rows} <= VERDICTS
    assert [row[0] for row in rows if row[3] == "met" and not proofs(row[-1])] == []


def test_a_requirement_that_is_a_gap_is_among_the_gaps() -> None:
    rows = table_rows(section("OWASP ASVS 5.0, V5 File Handling"))
    gaps = [row[0] for row in rows if row[3] == "gap"]
    assert [number for number in gaps if number not in section("Gaps")] == []
