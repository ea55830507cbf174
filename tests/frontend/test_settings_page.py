"""The page of settings says what there is."""

import re

import pytest

from frontend.settings import Settings
from frontend.settings_page import PAGE, with_table

ROW = re.compile(r"\| `RETOUCH_(\w+)` \| (.*?) \| (.+?) \|")


def test_every_setting_has_its_row_with_default_and_meaning() -> None:
    rows = {name: (default, meaning) for name, default, meaning in ROW.findall(PAGE.read_text())}
    assert set(rows) == {name.upper() for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        default, meaning = rows[name.upper()]
        described, _, default_in_words = (field.description or "").partition("; default: ")
        plain = "" if field.default is None else f"`{field.default!s}`"
        assert meaning == described
        assert default.lower() == (default_in_words or plain).lower()


def test_the_page_is_as_make_settings_writes_it() -> None:
    page = PAGE.read_text()
    assert with_table(page) == page


def test_a_changed_row_is_written_anew_and_the_text_around_stays() -> None:
    page = PAGE.read_text()
    stale = page.replace("| `8080` |", "| `1` |")
    assert stale != page
    assert with_table(stale) == page


def test_a_page_without_a_table_is_not_overwritten() -> None:
    with pytest.raises(ValueError, match="no table of settings"):
        with_table("# Settings\n")
