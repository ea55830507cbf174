"""What queue and model say -> what the client is told: pasting back, encoding, counting."""

from collections import Counter

from frontend.admission.state import Standing
from frontend.editing.events import EditEvent, Finished, Preview
from frontend.inference.models import Answer, Denoised, Estimate, Progress
from frontend.pictures.decode import Pixels
from frontend.pictures.edit import EditPixels
from frontend.pictures.encode import Encoding, encode
from frontend.pictures.workers import PictureWorkers


class Finishing:
    """The finishing of one edit's pictures."""

    def __init__(self, pixels: EditPixels, encoding: Encoding, workers: PictureWorkers) -> None:
        self._pixels = pixels
        self._encoding = encoding
        self._workers = workers
        self._previews: Counter[int] = Counter()  # by image

    async def event(self, news: Standing | Answer) -> EditEvent:
        """Return what the client is told; previews are counted in the order of the calls."""
        if isinstance(news, Standing | Progress):
            return news
        if isinstance(news, Denoised):
            return Finished(news.index, await self._picture(news))
        preview_index = self._previews[news.index]
        self._previews[news.index] += 1
        return Preview(news.index, preview_index, await self._picture(news))

    async def _picture(self, answer: Denoised | Estimate) -> bytes:
        return await self._workers.run(_finish, self._pixels, answer.image, self._encoding)


def _finish(pixels: EditPixels, painted: Pixels, encoding: Encoding) -> bytes:
    return encode(pixels.composite(painted), encoding)
