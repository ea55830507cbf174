"""What the evaluation finds of one way to serve the model, and how far its pictures are off."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.local.painting import Painter
from frontend.pictures.edit import EditPixels
from training.evaluate import checks
from training.evaluate.colours import Picture
from training.evaluate.report import Line
from training.scenes import Scene
from training.scenes.types import Hole

# The checks that edit, with their cases; and what is shown of each, by the beginning of its line.
CASES = (
    (checks.check_objects, 240),
    (checks.check_textures, 160),
    (checks.check_removal, 120),
    (checks.check_prompts, 60),
)
BARS = {
    "prompted colour dominant": "colour",
    "prompted shape recognised": "shape",
    "scene words": "scenes",
    "removal against Telea": "removal / Telea",
    "seam": "seam",
    "another prompt": "other prompt",
}
FEWEST_CASES = 8


@dataclass(frozen=True)
class Outcome:
    """Of all checks.

    Attributes:
        lines: one for each of `BARS`.
        pictures: every edit, in the order of the checks.
        holes: where each was repainted.
    """

    lines: Sequence[Line]
    pictures: Sequence[Picture]
    holes: Sequence[Hole]

    def errors(self, reference: "Outcome") -> NDArray[np.float64]:
        """(edits,): each edit's mean square difference where it is repainted, in levels of 255."""
        edits = zip(self.pictures, reference.pictures, self.holes, strict=True)
        return np.array([_mean_square(one[hole], other[hole]) for one, other, hole in edits])


def evaluate(painter: Painter, part: float) -> Outcome:
    """Runs the evaluation's checks on a painter's edits.

    Args:
        painter: of the built-in model.
        part: the share of the cases.
    """
    pictures: list[Picture] = []
    holes: list[Hole] = []
    model = painter.model

    def edit(scenes: Sequence[Scene], prompts: Sequence[str] | None) -> list[Picture]:
        windows = [
            EditPixels.prepare(
                scene.image,
                scene.hole,
                resolution=model.resolution,
                latent_factor=model.latent_factor,
            )
            for scene in scenes
        ]
        captions = [scene.caption for scene in scenes]
        painted = painter.paint(windows, prompts or captions, range(len(scenes)))
        pictures.extend(painted)
        holes.extend(scene.hole for scene in scenes)
        return painted

    lines = [
        line
        for check, count in CASES
        for line in check(edit, max(FEWEST_CASES, round(count * part)), model.resolution)
        if line.check.startswith(tuple(BARS))
    ]
    return Outcome(lines, pictures, holes)


def _mean_square(one: Picture, other: Picture) -> float:
    return float(np.square(one.astype(np.float64) - other).mean())
