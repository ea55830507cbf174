"""`python -m tests.frontend.decoding_cost`: what decoding costs, in a process of its own.

Reads names of files, one a line, decodes each alone in a child, and prints its CPU seconds and its
largest resident memory in MiB.
"""

import os
import resource
import sys
import time
from contextlib import suppress
from pathlib import Path

from frontend.errors.pictures import InvalidImageFileError
from frontend.pictures.canvas import canvas_of
from frontend.pictures.decode import decode

CANVAS_PIXELS = 1024


def main() -> None:
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _measure(Path(line.strip()).read_bytes())
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status:
            sys.exit(f"{line.strip()}: the process died: {status}")


def _measure(png: bytes) -> None:
    before = time.process_time()
    with suppress(InvalidImageFileError):
        picture = decode(png, "image")
        canvas_of(picture.image, CANVAS_PIXELS)
        _ = picture.alpha
    seconds = time.process_time() - before
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(seconds, used, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
