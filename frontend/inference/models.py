"""The seam to the models. Tests put a painter of their own here; the product puts Triton."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class EditModel:
    """One served model, as the `config.pbtxt` of its servers describes it.

    Attributes:
        id: the name that clients ask for.
        resolution: the side of its window in pixels.
        latent_factor: pixels per latent pixel.
        max_rows: rows of one UNet call at most, of all servers together: how much their loops work
            on at once.
        steps: denoising steps where an edit does not say, as for the next two.
        guidance: guidance scale; above 1 an image takes two rows.
        strength: in (0, 1].
        created: Unix time in seconds, 0 if the model does not say.
        engine: the Triton backend of its UNet, "" if that is not known.
        device: what the UNet runs on, such as `CPU` or `GPU 0`.
        servers: how many servers have it ready; 0 = those that have it do not answer.
        parts: what the names of the models begin with that it is made of; "" = its id.
    """

    id: str
    resolution: int
    latent_factor: int
    max_rows: int
    steps: int
    guidance: float
    strength: float
    created: int = 0
    engine: str = ""
    device: str = ""
    servers: int = 1
    parts: str = ""

    @property
    def tokenizer(self) -> str:
        """The model that makes its prompts into tokens."""
        return f"{self.parts or self.id}.tokenizer"

    @property
    def latent_pixels(self) -> int:
        """How many latent pixels its window has."""
        return (self.resolution // self.latent_factor) ** 2

    @property
    def window(self) -> tuple[int, int]:
        """What a prepared window depends on: models that agree in it can stand in for another."""
        return self.resolution, self.latent_factor

    def rows_per_image(self, guidance: float | None) -> int:
        """Return the rows of a UNet call that an image takes; None = the model's own guidance."""
        return 2 if (self.guidance if guidance is None else guidance) > 1 else 1


@dataclass(frozen=True)
class WindowEdit:
    """What a model is asked to paint.

    Attributes:
        image: (R, R, 3) RGB, R = the model's resolution.
        mask: (R, R), 255 = repaint, 0 = keep.
        prompt: what to paint.
        seeds: one per image, 0..2^63-1.
        negative_prompt: what not to paint.
        steps: denoising steps; None = the model's default, as for the next two.
        guidance: guidance scale.
        strength: in (0, 1]; 1 paints from pure noise.
        previews: how many estimates of each image to send, evenly spaced over its steps; fewer
            where there are not so many steps.
        progress: whether to report every step of each image.
    """

    image: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    prompt: str
    seeds: tuple[int, ...]
    negative_prompt: str | None = None
    steps: int | None = None
    guidance: float | None = None
    strength: float | None = None
    previews: int = 0
    progress: bool = False


@dataclass(frozen=True)
class PaintedWindow:
    """What the model has painted.

    Attributes:
        index: which of the edit's images, from 0.
        image: (R, R, 3) RGB.
    """

    index: int
    image: NDArray[np.uint8]


class Denoised(PaintedWindow):
    """One finished window."""


class Estimate(PaintedWindow):
    """How a window looks like becoming."""


@dataclass(frozen=True)
class Progress:
    """How far an image is.

    Attributes:
        index: which of the edit's images, from 0.
        step: steps done.
        steps: steps in all.
    """

    index: int
    step: int
    steps: int


Answer = Denoised | Estimate | Progress


class EditModels(Protocol):
    """Models that repaint windows."""

    async def ping(self) -> None:
        """Ask whether the models can be reached now.

        Raises:
            UnavailableError: they cannot.
        """
        ...

    async def catalogue(self) -> Mapping[str, EditModel]:
        """Return the models by id; those whose servers do not answer have none.

        Raises:
            UnavailableError: no server answers.
        """
        ...

    async def text_tokens(self, model: EditModel, prompt: str, negative_prompt: str) -> int:
        """Count both prompts' tokens as the model's own tokenizer does, markers left out.

        Raises:
            UnavailableError: the models cannot be reached.
            ModelFailedError: the tokenizer failed.
        """
        ...

    def edit(
        self, model: EditModel, edit: WindowEdit, timeout_seconds: float
    ) -> AsyncGenerator[Answer, None]:
        """Paint `edit`, yielding what happens to each image and at last the finished one.

        An image's answers come in the order of its steps; closing this cancels the rest.

        Raises:
            OverloadedError: it takes longer than `timeout_seconds`.
            UnavailableError: the models cannot be reached.
            ModelFailedError: the model failed, or did not finish every image.
        """
        ...

    async def close(self) -> None:
        """Give up the connection."""
        ...
