"""How much may wait, and how long."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The operator's limits, for each model.

    Attributes:
        waiting_images: most images that may wait.
        wait_seconds: longest time that an edit may wait for its model.
        edit_seconds: longest time of an edit in all.
    """

    waiting_images: int
    wait_seconds: float
    edit_seconds: float
