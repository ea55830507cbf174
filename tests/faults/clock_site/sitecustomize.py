"""Found by every Python program that has this folder in `PYTHONPATH`, before all else.

Puts the time of day wrong by what the file `TESTS_CLOCK` says, which may change. Intervals are
measured as they are, as on a machine whose clock is set.
"""

import os
import sys
import time
from pathlib import Path

_FILE = Path(os.environ["TESTS_CLOCK"])
_right_time = time.time


def _time() -> float:
    # gRPC's core compares what its Python part says with a clock of its own, which is right.
    if sys._getframe(1).f_globals.get("__name__", "").startswith("grpc."):
        return _right_time()
    return _right_time() + float(_FILE.read_text())


time.time = _time
