"""What queue and model say -> what the client is told: pasting back, encoding, counting."""

from collections import Counter
from collections.abc import Callable

from frontend.admission.state import Standing
from frontend.editing.events import EditEvent, Finished, Preview
from frontend.editing.usage import Usage
from frontend.inference.models import Answer, Denoised, Estimate, PaintedWindow, Progress
from frontend.pictures.decode import Pixels
from frontend.pictures.edit import Background, EditPixels
from frontend.pictures.encode import Encoding, encode
from frontend.pictures.workers import PictureWorkers
from frontend.telemetry.stages import Stage, timed


class Finishing:
    """The finishing of one edit's pictures."""

    def __init__(
        self,
        pixels: EditPixels,
        encoding: Encoding,
        usage_of: Callable[[int], Usage],
        workers: PictureWorkers,
    ) -> None:
        """Prepare to finish pictures.

        Args:
            pixels: of the edit.
            encoding: of the files.
            usage_of: the edit's usage, given how many pictures are finished.
            workers: for pasting and encoding.
        """
        self._pixels = pixels
        self._encoding = encoding
        self._workers = workers
        self._usage_of = usage_of
        self._finished = 0
        self._previews: Counter[int] = Counter()  # by image

    async def event(self, news: Standing | Answer) -> EditEvent:
        """Return what the client is told; pictures are counted in the order of the calls."""
        if isinstance(news, Standing | Progress):
            return news
        if isinstance(news, Denoised):
            return await self._finish(news)
        return await self._preview(news)

    async def _finish(self, window: Denoised) -> Finished:
        self._finished += 1
        usage = self._usage_of(self._finished)
        return Finished(window.index, await self._picture(window), self._background, usage)

    async def _preview(self, window: Estimate) -> Preview:
        number = self._previews[window.index]
        self._previews[window.index] += 1
        return Preview(window.index, number, await self._picture(window), self._background)

    async def _picture(self, window: PaintedWindow) -> bytes:
        return await self._workers.run(_pasted, self._pixels, window.image, self._encoding)

    @property
    def _background(self) -> Background:
        return "opaque" if self._encoding.is_flat else self._pixels.background


def _pasted(pixels: EditPixels, painted: Pixels, encoding: Encoding) -> bytes:
    with timed(Stage.FINISH):
        picture = pixels.composite(painted)
    with timed(Stage.ENCODE):
        return encode(picture, encoding)
