"""Latents -> pictures, beside the denoise thread."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue

import numpy as np

from retouch.denoise.edit import PixelArray
from retouch.denoise.job import Job
from retouch.denoise.model import Model
from retouch.denoise.seam import Engines
from retouch.denoise.tally import Tally
from retouch.schedulers import FloatArray

# The decoder's memory grows with a call's pixels: Stable Diffusion's in fp32 takes 1.4 GB for 512
# by 512.
MAX_PIXELS = 4 * 512 * 512


@dataclass(frozen=True)
class Snapshot:
    """An image to be decoded and sent."""

    job: Job
    index: int
    step: int
    steps: int
    latents: FloatArray  # (C, h, w)

    @property
    def is_finished(self) -> bool:
        """Whether it is the picture and not a preview."""
        return self.step == self.steps

    def send(self, image: PixelArray) -> None:
        """Sends the decoded picture, (R, R, 3)."""
        if self.is_finished:
            self.job.send_finished(self.index, self.steps, image)
        else:
            self.job.send_preview(self.index, self.step, self.steps, image)


class Decoding:
    """A thread that decodes what waits, in order and several at once."""

    def __init__(self, engines: Engines, tally: Tally, model: Model) -> None:
        """Starts it.

        Args:
            engines: what decodes.
            tally: counts what was done.
            model: the checkpoint's numbers.
        """
        self._engines = engines
        self._tally = tally
        self._batch = max(1, min(model.decoder_rows, MAX_PIXELS // model.resolution**2))
        self._queue: SimpleQueue[Snapshot | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="decode", daemon=True)
        self._thread.start()

    def put(self, snapshot: Snapshot) -> None:
        """Has an image decoded and sent."""
        self._queue.put(snapshot)

    def close(self) -> None:
        """Decodes what waits, then stops the thread."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            snapshots, is_last = self._with_those_waiting(first)
            wanted = [snapshot for snapshot in snapshots if snapshot.job.is_open]
            if wanted:
                self._decode(wanted)
            if is_last:
                return

    def _with_those_waiting(self, first: Snapshot) -> tuple[list[Snapshot], bool]:
        """Up to a batch of snapshots, and whether the thread is to stop after them."""
        snapshots = [first]
        while len(snapshots) < self._batch:
            try:
                following = self._queue.get_nowait()
            except Empty:
                break
            if following is None:
                return snapshots, True
            snapshots.append(following)
        return snapshots, False

    def _decode(self, snapshots: Sequence[Snapshot]) -> None:
        """Decodes and sends; an error is the answer to all edits in the batch."""
        try:
            latents = np.stack([snapshot.latents for snapshot in snapshots])  # (B, C, h, w)
            with self._tally.timing("decode_seconds"):
                images = self._engines.decode(latents)
            self._tally.add(images_finished=sum(snapshot.is_finished for snapshot in snapshots))
            for snapshot, image in zip(snapshots, images, strict=True):
                snapshot.send(image)
        except Exception as error:
            for snapshot in snapshots:
                snapshot.job.fail(error)
