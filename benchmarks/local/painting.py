"""Edits through a denoise loop of this process."""

from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import closing

from frontend.pictures.decode import Pixels
from frontend.pictures.edit import EditPixels
from retouch.denoise import DenoiseLoop, Edit, Engines, Model, PixelArray


class Painter:
    """Paints windows by one model, many at once."""

    def __init__(self, model: Model, engines: Engines, *, steps: int, guidance: float) -> None:
        """Starts nothing yet.

        Args:
            model: the checkpoint's numbers.
            engines: its networks.
            steps: denoising steps of every edit.
            guidance: guidance scale of every edit.
        """
        self.model = model
        self._engines = engines
        self._steps = steps
        self._guidance = guidance

    def paint(
        self, windows: Sequence[EditPixels], prompts: Sequence[str], seeds: Sequence[int]
    ) -> list[Pixels]:
        """The canvases with what was painted in their windows."""
        with closing(DenoiseLoop(self.model, self._engines)) as loop:
            replies = []
            for window, prompt, seed in zip(windows, prompts, seeds, strict=True):
                replies.append(_Reply())
                loop.submit(self._edit(window, prompt, seed), replies[-1])
            painted = [reply.picture.result() for reply in replies]
        return [window.composite(pixels) for window, pixels in zip(windows, painted, strict=True)]

    def _edit(self, window: EditPixels, prompt: str, seed: int) -> Edit:
        return Edit(
            image=window.model_image,
            mask=window.model_mask,
            prompt=prompt,
            negative_prompt="",
            seeds=(seed,),
            steps=self._steps,
            guidance=self._guidance,
            strength=1.0,
        )


class _Reply:
    """Waits for an edit's only picture."""

    def __init__(self) -> None:
        self.picture: Future[PixelArray] = Future()

    def is_cancelled(self) -> bool:
        """Nobody leaves."""
        return False

    def send_image(self, index: int, step: int, steps: int, image: PixelArray) -> None:  # noqa: ARG002
        """The picture; no previews were asked for."""
        self.picture.set_result(image)

    def send_progress(self, index: int, step: int, steps: int) -> None:
        """Not asked for."""

    def send_error(self, error: Exception) -> None:
        """The edit has failed."""
        self.picture.set_exception(error)

    def close(self) -> None:
        """That was all."""
