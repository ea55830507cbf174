"""The judges are right about true pictures and not fooled by empty ones."""

from collections.abc import Sequence

import numpy as np
import pytest

from training.evaluate import checks, removal
from training.evaluate.colours import Picture, dominant_colour
from training.evaluate.report import Line, table
from training.evaluate.silhouettes import name_shape
from training.scenes import Scene, draw_scene, shapes


def perfect(scenes: Sequence[Scene], _: Sequence[str] | None) -> list[Picture]:
    return [scene.image for scene in scenes]


def idle(scenes: Sequence[Scene], _: Sequence[str] | None) -> list[Picture]:
    return [scene.backdrop for scene in scenes]


@pytest.mark.parametrize("name", shapes.NAMES)
@pytest.mark.parametrize("extent", [20, 33, 80])
def test_a_shape_of_any_size_is_recognised(name: str, extent: int) -> None:
    assert name_shape(shapes.cover(name, (200, 200), (97, 104), extent) > 0.5) == name


def test_an_empty_silhouette_has_no_name() -> None:
    assert name_shape(np.zeros((64, 64), np.bool_)) == ""


def test_the_dominant_colour_is_the_most_frequent_one() -> None:
    pixels = np.array([[220, 40, 40]] * 3 + [[245, 245, 245]] * 2, np.uint8)
    assert dominant_colour(pixels) == "red"
    assert dominant_colour(pixels[:0]) == ""


@pytest.mark.parametrize("check", [checks.check_objects, checks.check_textures])
def test_true_pictures_pass_and_untouched_ones_fail(check: checks.Check) -> None:
    barred = [line for line in check(perfect, 24, 192) if line.met is not None]
    assert all(line.met for line in barred)
    assert not all(line.met for line in check(idle, 24, 192))


def test_true_pictures_have_no_error_and_no_seam() -> None:
    lines = checks.check_removal(perfect, 4, 128)
    assert all(line.met for line in lines if line.met is not None)
    assert not all(line.met is not False for line in checks.check_removal(idle, 4, 128))


def test_rivals_fill_the_hole_alone() -> None:
    scene = draw_scene(1, 1, 64, "removal")
    for filled in (removal.telea(scene), removal.border_mean(scene)):
        assert np.array_equal(filled[~scene.hole], scene.image[~scene.hole])


def test_a_table_says_what_is_missed() -> None:
    text = table([Line("seam", "4x", "<= 3x", met=False)])
    assert "| seam | 4x | <= 3x | missed |" in text
