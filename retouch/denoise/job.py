"""An edit inside the loop: what was asked, how far it is, and how it is answered."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Executor

from retouch.denoise.conditioning import Conditioning
from retouch.denoise.edit import Edit, PixelArray
from retouch.denoise.live_image import LiveImage
from retouch.denoise.model import Model
from retouch.denoise.seam import Replies

logger = logging.getLogger(__name__)


class Job:
    """One edit. Its methods are called from any thread.

    Answers go out on one thread in the order in which they were given, and none after the last, so
    neither a slow client nor a big picture holds up the denoise thread.
    """

    def __init__(self, edit: Edit, replies: Replies, outbox: Executor) -> None:
        """Opens the job.

        Args:
            edit: what was asked.
            replies: where the answers go.
            outbox: an executor of a single thread.
        """
        self.edit = edit
        self.conditioning: Conditioning | None = None  # set once, before the job waits
        self.images_started = 0  # this and the next: of the denoise thread
        self.images_in_flight = 0
        self._replies = replies
        self._outbox = outbox
        self._lock = threading.Lock()
        self._unfinished = len(edit.seeds)
        self._is_open = True

    @property
    def is_open(self) -> bool:
        """Whether there is still something to be done for it."""
        return self._is_open

    def drop_if_cancelled(self) -> bool:
        """Closes it without an answer if the client has left; says whether it has just done so."""
        if self._is_open and self._replies.is_cancelled():
            return self._post(closes=True)
        return False

    def start_image(self, index: int, model: Model) -> LiveImage:
        """A new image of the edit; its conditioning must be known."""
        if self.conditioning is None:
            raise ValueError("an edit must be encoded before its images start")
        return LiveImage(self.edit, index, model, self.conditioning)

    def send_progress(self, index: int, step: int, steps: int) -> None:
        """An image has done `step` of its `steps`."""
        self._post(lambda: self._replies.send_progress(index, step, steps))

    def send_preview(self, index: int, step: int, steps: int, image: PixelArray) -> None:
        """What an image looks like after `step` of its `steps`, (R, R, 3)."""
        self._post(lambda: self._replies.send_image(index, step, steps, image))

    def send_finished(self, index: int, steps: int, image: PixelArray) -> None:
        """A finished image, (R, R, 3); the edit's last one closes the job."""
        with self._lock:
            self._unfinished -= 1
            closes = self._unfinished == 0
        self._post(lambda: self._replies.send_image(index, steps, steps, image), closes=closes)

    def fail(self, error: Exception) -> None:
        """Answers with the error and closes the job."""
        self._post(lambda: self._replies.send_error(error), closes=True)

    def _post(self, send: Callable[[], None] | None = None, *, closes: bool = False) -> bool:
        """Queues an answer, unless the job is closed already; says whether it has."""
        with self._lock:
            if not self._is_open:
                return False
            self._is_open = not closes
            self._outbox.submit(self._reply, send, closes=closes)
            return True

    def _reply(self, send: Callable[[], None] | None, *, closes: bool) -> None:
        """Sends, on the outbox's thread."""
        try:
            if send is not None:
                send()
            if closes:
                self._replies.close()
        except Exception:
            logger.exception("an answer could not be sent")
