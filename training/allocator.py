"""glibc's allocator, set to keep what it has: page faults otherwise cost more than arithmetic."""

import os
import sys
from typing import Final

ENVIRONMENT: Final = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_MAX_": "0",
    "MALLOC_TRIM_THRESHOLD_": "34359738368",
    "MALLOC_TOP_PAD_": "268435456",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}


def restart_with_settings(arguments: list[str]) -> None:
    """Replace this process by itself with the settings, which are read at its start only."""
    if all(os.environ.get(name) == value for name, value in ENVIRONMENT.items()):
        return
    os.environ.update(ENVIRONMENT)
    os.execv(sys.executable, [sys.executable, "-m", *arguments])  # noqa: S606 - ourselves
