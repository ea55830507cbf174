"""`python -m frontend.settings_page` writes the table of docs/settings.md anew."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pydantic.fields import FieldInfo

from frontend.settings import Settings

PAGE: Final = Path("docs/settings.md")
_HEAD: Final = "| variable | default | meaning |\n|---|---|---|\n"


def main() -> None:
    """Replace the page's table."""
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def with_table(page: str) -> str:
    """Return the page with the settings' table as it is now; all other text stays.

    Raises:
        ValueError: the page has no table of settings.
    """
    before, head, rest = page.partition(_HEAD)
    if not head:
        raise ValueError(f"{PAGE} has no table of settings")
    _, _, after = rest.partition("\n\n")
    return f"{before}{head}" + "\n".join(_rows()) + f"\n\n{after}"


def _rows() -> Iterator[str]:
    for name, field in Settings.model_fields.items():
        meaning, _, default_in_words = (field.description or "").partition("; default: ")
        default = default_in_words or _plain_default(field)
        yield f"| `RETOUCH_{name.upper()}` | {default} | {meaning} |"


def _plain_default(field: FieldInfo) -> str:
    """The default as it is written in an environment."""
    if field.default is None:
        return ""
    value = str(field.default)
    return f"`{value.lower() if isinstance(field.default, bool) else value}`"


if __name__ == "__main__":
    main()
