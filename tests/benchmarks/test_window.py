"""The comparison of windows: the product's rule is among them, and holes are as large as asked."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.window.quality import JUDGES, Edits
from benchmarks.window.rules import PRODUCT, RULES, Rule
from benchmarks.window.scenes import TASKS, scenes_of
from benchmarks.window.table import Case, case_table
from frontend.pictures.window import choose_window

RESOLUTION = 64


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_the_products_rule_is_the_one_that_is_served(data: st.DataObject) -> None:
    side = data.draw(st.sampled_from([32, 64, 100, 256]))
    top, bottom, left, right = (data.draw(st.integers(0, side - 1)) for _ in range(4))
    mask = np.zeros((side, side), np.bool_)
    mask[min(top, bottom) : max(top, bottom) + 1, min(left, right) : max(left, right) + 1] = True
    assert PRODUCT.window(mask, RESOLUTION) == choose_window(mask, RESOLUTION)


def test_rules_ask_for_more_or_less_context() -> None:
    mask = np.zeros((256, 256), np.bool_)
    mask[100:160, 90:110] = True  # 60 pixels high
    sides = [Rule(part).window(mask, RESOLUTION).side for part in (0, 1 / 2, 3 / 4, 1)]
    assert sides == [256, 120, 80, 64]


def test_small_masks_may_get_windows_below_the_resolution() -> None:
    mask = np.zeros((256, 256), np.bool_)
    rule = Rule(3 / 4, least_side=1 / 2, small_mask=1 / 2)
    for extent, side in ((10, 32), (20, 40), (40, 64), (60, 80)):
        mask[100 : 100 + extent, 90:100] = True
        assert rule.window(mask, RESOLUTION).side == side


def test_rules_differ_in_name() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("share", [0.02, 0.1, 0.25])
def test_holes_take_the_share_that_is_asked_for(task: str, share: float) -> None:
    for scene in scenes_of(task, 4, 256, share):
        assert scene.hole.mean() == pytest.approx(share, rel=0.08)
        differs = (scene.image != scene.backdrop).any(axis=2)
        assert differs.any()
        assert not differs[~scene.hole].any()


RIGHT = {
    "removal": {"error": 0.0, "seam": 0.0},
    "object": {"shape": 1.0, "colour": 1.0},
    "pattern": {"pattern": 1.0},
}


@pytest.mark.parametrize("task", TASKS)
def test_true_pictures_are_right_and_untouched_ones_are_not(task: str) -> None:
    for scene in scenes_of(task, 4, 256, 0.1):
        assert JUDGES[task](scene.image, scene) == RIGHT[task]
        assert JUDGES[task](scene.backdrop, scene) != RIGHT[task]


def test_a_difference_from_the_products_rule_is_shown_with_its_error() -> None:
    sides, zero, one = np.full(4, 256.0), np.zeros(4), np.array([1.0, 1, 2, 2])
    case = Case(
        512,
        0.1,
        {"removal": [Edits("other", sides, {"e": one}), Edits(PRODUCT.name, sides, {"e": zero})]},
    )
    cells = list(case_table(case).columns[2].cells)
    assert cells == ["1.50 (+1.50 ±0.29)", "0.00"]  # the spread of 1, 1, 2, 2 by the root of 4
