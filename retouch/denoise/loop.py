"""The denoise loop: one set of images in flight, one UNet call per tick for all of them.

Threads: `encode` workers prepare newcomers, `denoise` ticks, `decode` turns leavers and previews
into pictures, `reply` sends. Only the denoise thread touches the images in flight.
"""

import logging
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from retouch.denoise.conditioning import condition
from retouch.denoise.decoding import Decoding, Snapshot
from retouch.denoise.edit import Edit, preview_steps
from retouch.denoise.job import Job
from retouch.denoise.live_image import LiveImage
from retouch.denoise.model import Model
from retouch.denoise.rows import Batch, batches, split_rows
from retouch.denoise.seam import Engines, Replies
from retouch.denoise.tally import Tally
from retouch.denoise.waiting import Ticket, WaitingRoom

ENCODE_THREADS = 8  # they mostly wait for the encoders, which gather what arrives together

logger = logging.getLogger(__name__)


class ShuttingDownError(RuntimeError):
    """The edit cannot be finished because the model is being unloaded."""

    def __init__(self) -> None:
        super().__init__("the model is shutting down")


class DenoiseLoop:
    """Runs edits until it is closed."""

    def __init__(self, model: Model, engines: Engines) -> None:
        """Starts the threads.

        Args:
            model: the checkpoint's numbers.
            engines: its networks.
        """
        self._model = model
        self._engines = engines
        self.tally = Tally()
        self._in_flight: dict[LiveImage, Ticket] = {}
        self._batched: list[tuple[LiveImage, int, bool]] = []  # with rows, and if the call is whole
        self._batches: list[Batch] = []
        self._waiting = WaitingRoom()
        self._encoding = ThreadPoolExecutor(ENCODE_THREADS, "encode")
        self._outbox = ThreadPoolExecutor(1, "reply")
        self._decoding = Decoding(engines, self.tally, model)
        self._thread = threading.Thread(target=self._run, name="denoise", daemon=True)
        self._thread.start()

    def submit(self, edit: Edit, replies: Replies) -> None:
        """Takes an edit in and returns at once; everything else comes through `replies`.

        Raises:
            ValueError: the model's scheduler cannot make so many steps.
            RuntimeError: the loop is closed.
        """
        self._model.scheduler.trajectory(edit.steps, edit.strength)
        self._encoding.submit(self._prepare, Job(edit, replies, self._outbox))

    @property
    def waiting_images(self) -> int:
        """How many encoded images wait for room."""
        return self._waiting.images

    def close(self) -> None:
        """Stops the threads; edits that are not finished are answered with an error."""
        self._waiting.close()
        self._encoding.shutdown()
        self._thread.join()
        self._decoding.close()
        unfinished = [ticket.job for ticket in self._in_flight.values()]
        for job in unfinished + self._waiting.drain():
            job.fail(ShuttingDownError())
        self._outbox.shutdown()

    def _prepare(self, job: Job) -> None:
        """Encodes a newcomer, on an encode thread."""
        if job.drop_if_cancelled():
            self._count_cancelled(self._unstarted_steps(job))
        if self._waiting.is_closed:
            job.fail(ShuttingDownError())
        if not job.is_open:
            return
        try:
            with self.tally.timing("encode_seconds"):
                job.conditioning = condition(job.edit, self._model, self._engines)
        except Exception as error:  # whatever the encoders raise is the answer
            job.fail(error)
        else:
            self._waiting.add(job)

    def _run(self) -> None:
        """The denoise thread: sleeps when nobody is there, ticks otherwise."""
        while not self._waiting.is_closed:
            if not self._in_flight:
                self._waiting.wait()
            try:
                with self.tally.timing("busy_seconds"):
                    self._tick()
            except Exception as error:  # one bad edit must not end the service
                logger.exception("a tick failed")
                self._fail(self._in_flight, error)

    def _tick(self) -> None:
        """One step for every image in flight, and for those for whom there is room."""
        for job in {ticket.job for ticket in self._in_flight.values()}:
            self._drop_if_cancelled(job)
        self._let_go()
        self._admit()
        self._batch()
        for batch in self._batches:
            self._step(batch)
        self._let_go()
        if not self._in_flight:
            self._batch()  # an idle loop keeps nothing

    def _let_go(self) -> None:
        """Forgets images that are finished, and those of jobs that are closed."""
        for image, ticket in list(self._in_flight.items()):
            if image.is_finished or not ticket.job.is_open:
                del self._in_flight[image]
                ticket.job.images_in_flight -= 1

    def _admit(self) -> None:
        """Lets waiting images join as far as there is room."""
        room = self._model.max_rows - sum(image.rows for image in self._in_flight)
        while (ticket := self._waiting.take(room)) is not None:
            self._drop_if_cancelled(ticket.job, unstarted=1)
            if ticket.job.is_open:
                room -= self._start(ticket)

    def _start(self, ticket: Ticket) -> int:
        """Puts an image among those in flight; returns the rows it takes."""
        try:
            image = ticket.job.start_image(ticket.index, self._model)
        except Exception as error:  # the encoders gave something that does not fit the model
            ticket.job.fail(error)
            return 0
        self._in_flight[image] = ticket
        return image.rows

    def _batch(self) -> None:
        """Puts the images into batches anew if any joined, left or needs another kind of call."""
        present = [(image, image.rows, image.features is None) for image in self._in_flight]
        if present != self._batched:
            self._batched = present
            self._batches = batches(self._in_flight, self._model.resolution)

    def _step(self, batch: Batch) -> None:
        """One UNet call; an error is the answer to all edits in it."""
        try:
            rows = batch.rows()
            with self.tally.timing("unet_seconds"):
                outputs = self._engines.unet(rows)
            for image, own in split_rows(batch.images, outputs):
                image.advance(own)
        except Exception as error:  # whatever the UNet raises
            self._fail(batch.images, error)
        else:
            images = len(batch.images)
            ticked_rows = len(rows.latents)
            self.tally.add(ticks=1, ticked_images=images, ticked_rows=ticked_rows, steps=images)
            for image in batch.images:
                self._report(image, self._in_flight[image])

    def _drop_if_cancelled(self, job: Job, unstarted: int = 0) -> None:
        """Closes a job whose client has left, and counts what need not be done.

        Args:
            job: one of those in flight, or about to be, on the denoise thread.
            unstarted: how many of its images count as started, but are not in flight.
        """
        if not job.drop_if_cancelled():
            return
        left = self._unstarted_steps(job, unstarted)
        for image, ticket in self._in_flight.items():
            if ticket.job is job and not image.is_finished:
                left.append(image.steps - image.steps_done)
        self._count_cancelled(left)

    def _unstarted_steps(self, job: Job, unstarted: int = 0) -> list[int]:
        """The steps of each image of a job that has not started."""
        steps = self._model.scheduler.trajectory(job.edit.steps, job.edit.strength).steps
        return [steps] * (len(job.edit.seeds) - job.images_started + unstarted)

    def _count_cancelled(self, steps_left: Sequence[int]) -> None:
        self.tally.add(images_cancelled=len(steps_left), steps_saved=sum(steps_left))

    def _report(self, image: LiveImage, ticket: Ticket) -> None:
        """Sends what is due after a step: progress, preview, picture."""
        job, index = ticket.job, ticket.index
        done, steps = image.steps_done, image.steps
        if job.edit.progress:
            job.send_progress(index, done, steps)
        if image.is_finished or done in preview_steps(steps, job.edit.previews):
            self._decoding.put(Snapshot(job, index, done, steps, image.estimate))

    def _fail(self, images: Iterable[LiveImage], error: Exception) -> None:
        for image in images:
            self._in_flight[image].job.fail(error)
