"""What one request asks for."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

PixelArray = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Edit:
    """One window to repaint, once for each seed.

    Attributes:
        image: the window in RGB, (R, R, 3).
        mask: 128 and above = repaint, (R, R).
        prompt: what to paint.
        negative_prompt: what not to paint; without effect at a guidance of 1 or less.
        seeds: one for each image, any 64-bit integer.
        steps: denoising steps at strength 1, at least 1.
        guidance: the guidance scale (https://arxiv.org/abs/2207.12598).
        strength: in (0, 1]; 1 paints from pure noise.
        previews: how many previews of each image to send.
        progress: whether to report every step of each image.
    """

    image: PixelArray
    mask: PixelArray
    prompt: str
    negative_prompt: str
    seeds: tuple[int, ...]
    steps: int
    guidance: float
    strength: float
    previews: int = 0
    progress: bool = False

    @property
    def is_guided(self) -> bool:
        """Whether the negative prompt takes part."""
        return self.guidance > 1

    @property
    def rows_per_image(self) -> int:
        """Rows of a UNet call that one of its images needs."""
        return 2 if self.is_guided else 1


def preview_steps(steps: int, previews: int) -> frozenset[int]:
    """After which steps an image is previewed: evenly spaced, never after the last.

    Args:
        steps: the image's steps.
        previews: how many; fewer where there are not so many steps.
    """
    marks = (k * steps // (previews + 1) for k in range(1, previews + 1))
    return frozenset(mark for mark in marks if mark > 0)
