"""The page of settings says what there is."""

import re
from pathlib import Path

from frontend.settings import Settings

PAGE = Path("docs/settings.md")
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
