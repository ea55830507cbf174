"""What all parts of `python -m benchmarks` measure alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from benchmarks.load import Work
from benchmarks.parts.subject import subject_of
from benchmarks.plan import Plan
from benchmarks.report.row import Row, Subject
from benchmarks.served import Triton
from retouch.releases.configs import CONFIG_FILE, read_config


@dataclass(frozen=True)
class Setting:
    """A model, and what is asked of it.

    Attributes:
        model: its id.
        repositories: of models; the last that has the model tells what it is.
        steps: denoising steps of an image.
        side: of pictures and results where it is not varied, in pixels.
        plan: the loads.
        triton: that runs already; None = the product brings its own.
        options: of the command line; rows say by them how they are measured again.
    """

    model: str
    repositories: Sequence[Path]
    steps: int
    side: int
    plan: Plan
    triton: Triton | None = None
    options: str = ""

    @cached_property
    def repository(self) -> Path:
        """The model's.

        Raises:
            SystemExit: no repository has it.
        """
        for repository in reversed(self.repositories):
            if (repository / self.model).is_dir():
                return repository
        raise SystemExit(f"No model repository has {self.model}.")

    @cached_property
    def subject(self) -> Subject:
        """The model with its engine."""
        return subject_of(self.repository, self.model)

    @property
    def resolution(self) -> int:
        """The model's own, in pixels."""
        config = read_config(self.repository / self.model / CONFIG_FILE)
        return int(config.parameters["resolution"].string_value)

    def work(self, edits: int) -> Work:
        """So many edits of one image each."""
        return Work(self.model, self.side, self.steps, edits)

    def row(self, part: str, load: object, **found: Any) -> Row:
        """A row of a part, with the load in words."""
        command = f"python -m benchmarks {part} {self.options}".rstrip()
        return Row(command, self.subject, str(load), **found)
