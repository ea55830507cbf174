"""The images that wait for room in the in-flight set."""

import threading
from dataclasses import dataclass

from retouch.denoise.job import Job


@dataclass(frozen=True)
class Ticket:
    """The right of one image to join."""

    job: Job
    index: int


class WaitingRoom:
    """Conditioned jobs with images that have not started; safe for any thread.

    The job with the fewest images in flight goes first, then the one that came first. So a request
    for ten images does not starve one for a single image, nor a stream of those the ten.
    """

    def __init__(self) -> None:
        self._jobs: list[Job] = []
        self._changed = threading.Condition()
        self._is_closed = False

    def add(self, job: Job) -> None:
        """Lets a job wait, behind those that have been added before."""
        with self._changed:
            self._jobs.append(job)
            self._changed.notify()

    def take(self, free_rows: int) -> Ticket | None:
        """The next image, if it fits; nobody overtakes one that needs more room."""
        with self._changed:
            self._jobs = [job for job in self._jobs if job.is_open]
            job = min(self._jobs, key=lambda job: job.images_in_flight, default=None)
            if job is None or job.edit.rows_per_image > free_rows:
                return None
            ticket = Ticket(job, job.images_started)
            job.images_started += 1
            job.images_in_flight += 1
            if job.images_started == len(job.edit.seeds):
                self._jobs.remove(job)
            return ticket

    def wait(self) -> None:
        """Sleeps until somebody waits or the room is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._jobs or self._is_closed)

    @property
    def images(self) -> int:
        """How many images wait."""
        with self._changed:
            return sum(len(job.edit.seeds) - job.images_started for job in self._jobs)

    def close(self) -> None:
        """Ends every `wait`."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    @property
    def is_closed(self) -> bool:
        """Whether `close` was called."""
        return self._is_closed

    def drain(self) -> list[Job]:
        """Takes all jobs out."""
        with self._changed:
            jobs, self._jobs = self._jobs, []
        return jobs
