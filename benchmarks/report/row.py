"""A line of the table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.measurement import Measurement
from benchmarks.stages import Stages


@dataclass(frozen=True)
class Subject:
    """Whose work was measured.

    Attributes:
        checkpoint: the model's id, or the checkpoint's folder.
        engine: what computes the networks, with version and precision.
        threads: that it computes with.
    """

    checkpoint: str
    engine: str
    threads: int


@dataclass(frozen=True)
class Row:
    """One load, and what it came to.

    Attributes:
        command: that measures it again.
        subject: whose work it was.
        load: in words.
        varied: the number in which it differs from the other rows of its part.
        series: what it has in common with some rows of its part, for plots.
        measurement: None if it has failed.
        stages: where the time went, if that was asked for.
        failure: why there is no measurement, in a line.
    """

    command: str
    subject: Subject
    load: str
    varied: float = 0.0
    series: str = ""
    measurement: Measurement | None = None
    stages: Stages | None = None
    failure: str = ""


Results = Mapping[str, Sequence[Row]]
"""The rows of each part, by its name."""
