"""What an edit asks of its model, in the units that the denoise loop works in."""

import math
from dataclasses import dataclass
from typing import Self

from frontend.forms.fields import EditFields
from frontend.forms.quality import steps_of
from frontend.inference.models import EditModel


@dataclass(frozen=True)
class Demand:
    """How much one edit asks for, and on whose behalf.

    Attributes:
        key: the id of the API key; keys share a model fairly.
        images: how many pictures.
        rows_per_image: rows of a UNet call that each of them takes.
        steps: denoising steps of each of them.
    """

    key: str
    images: int
    rows_per_image: int
    steps: int

    @classmethod
    def of(cls, key: str, fields: EditFields, model: EditModel) -> Self:
        """Return what the edit of `fields` asks of `model`."""
        strength = model.strength if fields.strength is None else fields.strength
        return cls(
            key=key,
            images=fields.n,
            rows_per_image=model.rows_per_image(fields.guidance_scale),
            steps=math.ceil(steps_of(fields, model.steps) * strength),
        )

    @property
    def work_per_image(self) -> int:
        """What one image costs, in row-steps."""
        return self.rows_per_image * self.steps

    @property
    def work(self) -> int:
        """What all images cost, in row-steps."""
        return self.images * self.work_per_image
