"""One edit's pixels: what the model is shown, and how its answer becomes the result."""

from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from frontend.pictures.canvas import on_white, resized
from frontend.pictures.decode import Pixels
from frontend.pictures.mask import Mask, covering, snapped
from frontend.pictures.seam import Seam
from frontend.pictures.window import Window, choose_window

Background = Literal["transparent", "opaque"]


@dataclass(frozen=True)
class EditPixels:
    """The canvas of one edit, where it is repainted, and the window cut from it.

    Attributes:
        canvas: (S, S, 3 or 4), S = the output size.
        mask: (S, S), True = repaint.
        window: the part that the model sees.
        seam: the transition between kept and generated pixels, within the window.
        shown: (W, W, 3), the window before it is scaled to the model's resolution.
        model_image: (R, R, 3), R = the model's resolution.
        model_mask: (R, R), 255 = repaint, 0 = keep, in whole latent blocks.
        background: whether the result has transparent pixels: kept ones, as all others are opaque.
    """

    canvas: Pixels
    mask: Mask
    window: Window
    seam: Seam
    shown: Pixels
    model_image: Pixels
    model_mask: Pixels
    background: Background

    @classmethod
    def prepare(
        cls,
        canvas: Pixels,
        repaint: Mask,
        *,
        resolution: int,
        latent_factor: int,
    ) -> Self:
        """Cut the model's window from the canvas.

        Args:
            canvas: the picture at the output size, (S, S, 3 or 4).
            repaint: where to repaint the picture, at its own size, (H, H).
            resolution: the model's working resolution.
            latent_factor: pixels of the model's resolution per latent pixel.
        """
        mask = covering(repaint, len(canvas))
        window = choose_window(mask, resolution)
        return cls.within(window, canvas, mask, resolution=resolution, latent_factor=latent_factor)

    @classmethod
    def within(
        cls, window: Window, canvas: Pixels, mask: Mask, *, resolution: int, latent_factor: int
    ) -> Self:
        """Cut a window that holds the mask, (S, S), from the canvas; else as `prepare`."""
        inside = mask[window.area]
        shown = on_white(canvas[window.area])
        touched = snapped(covering(inside, resolution), latent_factor)
        return cls(
            canvas=canvas,
            mask=mask,
            window=window,
            seam=Seam(inside),
            shown=shown,
            model_image=resized(shown, resolution),
            model_mask=np.where(touched, 255, 0).astype(np.uint8),
            background=_background(canvas, mask),
        )

    def composite(self, decoded: Pixels) -> Pixels:
        """Paste what the model painted, `decoded` (R, R, 3), into the canvas: (S, S, 3 or 4).

        Outside the mask the result is the canvas, byte for byte. Repainted pixels are opaque.
        """
        painted = self.seam.shifted(resized(decoded, self.window.side), self.shown)
        if self.canvas.shape[2] == 4:
            painted = np.dstack([painted, np.full(painted.shape[:2], 255, np.uint8)])
        inside = self.mask[self.window.area]
        result = self.canvas.copy()
        _whole(result)[self.window.area][inside] = _whole(painted)[inside]
        return result


def _whole(pixels: Pixels) -> NDArray[np.void]:
    """(H, W): a view of `pixels` (H, W, channels) that moves each as a whole, which is fast."""
    return pixels.view(f"V{pixels.shape[2]}")[..., 0]


def _background(canvas: Pixels, mask: Mask) -> Background:
    if canvas.shape[2] == 3 or (canvas[~mask, 3] == 255).all():
        return "opaque"
    return "transparent"
