"""The task of every peer: edit pictures in PNG, keep what the mask keeps, answer in PNG.

Written for environments that have Pillow, and nothing of this project but this folder.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Self

from PIL import Image

Pictures = Sequence[Image.Image]
Paint = Callable[[Pictures, Pictures, Sequence[str], int], list[Image.Image]]
"""Pictures, masks (white is repainted), prompts and steps -> pictures of the same size.

The noise of picture k is that of PyTorch's CPU generator with seed k.
"""
SAYS = "peer:"
"""Begins a line that is for the runner: libraries print what they like."""
READY = "ready"


@dataclass(frozen=True)
class Task:
    """What is to be done, as the runner writes it.

    Attributes:
        model: folder of the checkpoint, or of what the peer has made of it.
        pictures: PNG files.
        masks: PNG files, one for each picture, white where it is to be repainted.
        prompts: one for each picture.
        steps: denoising steps.
        guidance: guidance scale.
        rounds: how often all of it is measured, after a round that is not.
        threads: that the networks are computed with.
    """

    model: str
    pictures: tuple[str, ...]
    masks: tuple[str, ...]
    prompts: tuple[str, ...]
    steps: int
    guidance: float
    rounds: int
    threads: int

    @classmethod
    def from_command_line(cls) -> Self:
        """The task in the file that the command line names."""
        fields: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text())
        for name in ("pictures", "masks", "prompts"):
            fields[name] = tuple(fields[name])
        return cls(**fields)

    def write(self, file: Path) -> None:
        """The other way round."""
        file.write_text(json.dumps(asdict(self)))

    def prompts_of(self, take: int) -> tuple[str, ...]:
        """Prompts that no other take has: nobody gains from having encoded them before."""
        return tuple(f"{prompt}, take {take}" for prompt in self.prompts)


def measure(task: Task, paint: Paint) -> None:
    """Say that all is loaded; then answer each line "PICTURES TAKE STEPS" with its seconds.

    The first picture of the latest answer is left beside the task's file, as `answer_of` names it.
    """
    _say(READY)
    for line in sys.stdin:
        seconds, (answer, *_) = _edit(task, paint, *map(int, line.split()))
        answer_of(Path(sys.argv[1])).write_bytes(answer)
        _say(str(seconds))


def _say(words: str) -> None:
    print(SAYS, words, flush=True)  # noqa: T201 - the answer


def answer_of(task: Path) -> Path:
    """The picture that is left of the task in a file."""
    return task.with_suffix(".png")


def _edit(task: Task, paint: Paint, count: int, take: int, steps: int) -> tuple[float, list[bytes]]:
    """Seconds for the first `count` pictures, and what they have become, in PNG."""
    start = time.perf_counter()
    pictures = [Image.open(path).convert("RGB") for path in task.pictures[:count]]
    masks = [Image.open(path).convert("L") for path in task.masks[:count]]
    painted = paint(pictures, masks, task.prompts_of(take)[:count], steps)
    answers = [
        _png(Image.composite(new.resize(old.size), old, mask))
        for new, old, mask in zip(painted, pictures, masks, strict=True)
    ]
    return time.perf_counter() - start, answers


def _png(picture: Image.Image) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()
