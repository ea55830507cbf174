"""What a scene promises to whoever trains on it or measures with it."""

import numpy as np
import pytest

from training.scenes import draw_scene, palette, shapes
from training.scenes.holes import BLOCK, snapped
from training.scenes.materials import MATERIALS
from training.scenes.scene import TASKS
from training.scenes.textures import soft_square_wave


@pytest.mark.parametrize("task", TASKS)
def test_a_scene_is_the_same_whenever_it_is_drawn(task: str) -> None:
    first, second = draw_scene(3, 5, 128, task), draw_scene(3, 5, 128, task)
    assert np.array_equal(first.image, second.image)
    assert first.caption == second.caption


def test_scenes_of_other_numbers_and_seeds_differ() -> None:
    scene = draw_scene(3, 5, 64)
    assert not np.array_equal(scene.image, draw_scene(3, 6, 64).image)
    assert not np.array_equal(scene.image, draw_scene(4, 5, 64).image)


@pytest.mark.parametrize("task", TASKS)
def test_a_hole_is_made_of_whole_blocks(task: str) -> None:
    for number in range(6):
        hole = draw_scene(1, number, 128, task).hole
        assert hole.any()
        assert np.array_equal(hole, snapped(hole))


@pytest.mark.parametrize("task", TASKS)
def test_what_was_put_there_stays_inside_the_hole(task: str) -> None:
    for number in range(6):
        scene = draw_scene(2, number, 128, task)
        assert np.array_equal(scene.image[~scene.hole], scene.backdrop[~scene.hole])


def test_a_block_with_one_open_pixel_is_open() -> None:
    hole = np.zeros((32, 32), np.bool_)
    hole[9, 17] = True
    assert np.argwhere(snapped(hole)).min(0).tolist() == [BLOCK, 2 * BLOCK]
    assert snapped(hole).sum() == BLOCK * BLOCK


def test_an_object_has_the_colour_that_its_caption_stands_for() -> None:
    scene = draw_scene(1, 0, 128, "object")
    put = np.abs(scene.image.astype(int) - scene.backdrop.astype(int)).max(2) > 60
    wanted = np.array(palette.COLOURS[scene.truth.colour])
    assert np.abs(np.median(scene.image[put], 0) - wanted).max() <= 10


def test_every_named_colour_is_far_from_every_other() -> None:
    table = np.array(list(palette.COLOURS.values()), float)
    gaps = np.linalg.norm(table[:, None] - table, axis=2) + 1000 * np.eye(len(table))
    assert len(table) >= 12
    assert gaps.min() > 60


@pytest.mark.parametrize("name", shapes.NAMES)
def test_a_shape_fills_its_extent_and_has_soft_edges(name: str) -> None:
    coverage = shapes.cover(name, (100, 100), (50.3, 50.3), 40)
    rows = np.nonzero((coverage > 0.5).any(1))[0]
    assert 60 <= rows[-1] - rows[0] + 1 <= 82
    assert ((coverage > 0.1) & (coverage < 0.9)).any()


def test_every_task_and_material_comes_up() -> None:
    scenes = [draw_scene(1, number, 64) for number in range(300)]
    assert {scene.truth.task for scene in scenes} == set(TASKS)
    assert {scene.truth.scene for scene in scenes} >= set(MATERIALS)


def test_a_wave_is_half_low_half_high_and_returns_after_its_period() -> None:
    position = np.arange(64, dtype=np.float32) + 0.5
    wave = soft_square_wave(position, 32)
    assert wave.mean() == pytest.approx(0.5, abs=0.02)
    assert np.allclose(wave[:32], wave[32:])
    assert wave[8] == 0
    assert wave[24] == 1
