"""No picture costs more than a second or 512 MiB, and none kills the process."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from frontend.settings import Settings
from tests.corpus.bombs import bombs, largest
from tests.corpus.damage import Damaged

MOST_SECONDS = 1.0
MOST_MEBIBYTES = 512


def costs(files: Sequence[Damaged], folder: Path) -> dict[str, tuple[float, float]]:
    """CPU seconds and MiB of decoding each file, alone in a process."""
    paths = [folder / f"{number}.png" for number in range(len(files))]
    for path, damaged in zip(paths, files, strict=True):
        path.write_bytes(damaged.file)
    measured = subprocess.run(
        [sys.executable, "-m", "tests.frontend.decoding_cost"],
        input="\n".join(map(str, paths)),
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line.split() for line in measured.stdout.splitlines()]
    return {
        damaged.name: (float(seconds), float(mebibytes))
        for damaged, (seconds, mebibytes) in zip(files, lines, strict=True)
    }


def test_every_picture_is_decoded_or_refused_cheaply(tmp_path: Path) -> None:
    files = [*bombs(), *largest(Settings().max_side_pixels)]
    found = costs(files, tmp_path)
    dear = {
        name: cost
        for name, cost in found.items()
        if cost[0] > MOST_SECONDS or cost[1] > MOST_MEBIBYTES
    }
    assert dear == {}
