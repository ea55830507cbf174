"""What the queues let others see: the caller in the queue, the operator, status pages."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Standing:
    """Where a waiting edit stands.

    Attributes:
        edits_ahead: waiting edits that start before it, as things are now.
        images_ahead: how many images these are.
        seconds: how long it will wait, by the model's present pace; None if that is unknown yet.
    """

    edits_ahead: int
    images_ahead: int
    seconds: float | None


@dataclass(frozen=True)
class QueueState:
    """One model's load.

    Attributes:
        model: the model's id.
        waiting_edits: edits that wait.
        waiting_images: how many images these are.
        running_edits: edits that Triton works on.
        running_images: how many of their images are unfinished.
        running_rows: how many rows of a UNet call these would take; those above the model's
            `max_rows` are being prepared.
        images_per_minute: images that were finished in the last minute.
        mean_wait_seconds: how long edits that started in the last minute had waited; None if none
            started.
    """

    model: str
    waiting_edits: int
    waiting_images: int
    running_edits: int
    running_images: int
    running_rows: int
    images_per_minute: int
    mean_wait_seconds: float | None

    @classmethod
    def idle(cls, model: str) -> Self:
        """The load of a model that nothing has been asked of yet."""
        return cls(
            model=model,
            waiting_edits=0,
            waiting_images=0,
            running_edits=0,
            running_images=0,
            running_rows=0,
            images_per_minute=0,
            mean_wait_seconds=None,
        )
