"""The time of day as Python tells it to a process: it can jump.

libfaketime would tell all libraries; but either it looks seldom whether it has to jump, or it makes
every look at the clock so slow that gRPC takes seconds.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

_SITE: Final = Path(__file__).with_name("clock_site")


@dataclass(frozen=True)
class Clock:
    """A file that says by how many seconds a clock is fast."""

    file: Path

    @classmethod
    def right(cls, folder: Path) -> "Clock":
        """One that is right for now."""
        clock = cls(folder / "clock")
        clock.jump_to(0)
        return clock

    @property
    def environment(self) -> dict[str, str]:
        """The variables of a Python program that goes by it."""
        return {"PYTHONPATH": str(_SITE), "TESTS_CLOCK": str(self.file)}

    def jump_to(self, seconds: int) -> None:
        """Let it be that much fast, or slow if negative, from now on."""
        new = self.file.with_suffix(".new")
        new.write_text(str(seconds))
        new.rename(self.file)  # a reader finds the one or the other
