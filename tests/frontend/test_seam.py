"""What a model's small errors leave along a mask's border, and what must stay."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontend.pictures.decode import Pixels
from frontend.pictures.mask import Mask
from frontend.pictures.membrane import Field, enlarged, spread
from frontend.pictures.seam import Seam


def hole(side: int) -> Mask:
    mask = np.zeros((side, side), np.bool_)
    mask[side // 4 : side * 3 // 4, side // 4 : side * 3 // 4] = True
    return mask


def plain(side: int) -> Pixels:
    return np.full((side, side, 3), (90, 140, 200), np.uint8)


@given(offset=st.integers(-12, 12), side=st.sampled_from([64, 700]))
@settings(max_examples=12, deadline=None)
def test_a_hole_filled_in_a_slightly_wrong_shade_gets_the_right_one(offset: int, side: int) -> None:
    mask, original = hole(side), plain(side)
    painted = np.where(mask[..., None], original.astype(int) + offset, original).astype(np.uint8)
    result = Seam(mask).shifted(painted, original)
    allowed = abs(offset) * 0.15 + 1  # the larger a step is, the likelier it is meant
    np.testing.assert_allclose(result[mask].astype(int), original[mask], atol=allowed)


def test_a_gradient_goes_on_where_the_model_made_it_a_little_flatter() -> None:
    side = 96
    ramp = np.linspace(60, 180, side)
    original = np.broadcast_to(ramp[None, :, None], (side, side, 3)).astype(np.uint8)
    mask = hole(side)
    middle = original[mask].mean()
    flat = middle + 0.8 * (original.astype(float) - middle)
    painted = np.where(mask[..., None], flat, original).astype(np.uint8)
    result = Seam(mask).shifted(painted, original)
    before = np.abs(painted[mask].astype(int) - original[mask]).mean()
    assert np.abs(result[mask].astype(int) - original[mask]).mean() < before / 4


@pytest.mark.parametrize("colour", [(250, 40, 40), (90, 140, 60), (10, 10, 10)])
def test_a_thing_of_another_colour_keeps_it_up_to_the_border(colour: tuple[int, int, int]) -> None:
    mask, original = hole(64), plain(64)
    painted = np.where(mask[..., None], np.array(colour), original).astype(np.uint8)
    np.testing.assert_allclose(
        Seam(mask).shifted(painted, original)[mask].astype(int), painted[mask], atol=3
    )


def test_a_step_that_rough_surroundings_hide_stays() -> None:
    original = np.random.default_rng(1).integers(60, 190, (64, 64, 3)).astype(np.uint8)
    mask = hole(64)
    painted = np.where(mask[..., None], original + 9, original).astype(np.uint8)
    np.testing.assert_array_equal(Seam(mask).shifted(painted, original)[mask], painted[mask])


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_spreading_keeps_what_is_known_and_invents_no_extremes(data: st.DataObject) -> None:
    height, width = data.draw(st.integers(1, 40)), data.draw(st.integers(1, 40))
    rng = np.random.default_rng(data.draw(st.integers(0, 999)))
    known = rng.random((height, width)) < 0.2
    known[rng.integers(height), rng.integers(width)] = True
    values: Field = np.where(known, rng.uniform(-50, 50, (2, height, width)), 0).astype(np.float32)
    field = spread(values, known.astype(np.float32))
    np.testing.assert_array_equal(field[:, known], values[:, known])
    for channel, given_values in zip(field, values[:, known], strict=True):
        assert channel.min() >= given_values.min() - 1e-3
        assert channel.max() <= given_values.max() + 1e-3


def test_a_field_is_enlarged_around_the_centres_of_its_cells() -> None:
    steps = np.arange(8, dtype=np.float32)
    field = enlarged(np.tile(steps, (1, 8, 1)), (24, 24), 3)
    np.testing.assert_allclose(field[0, 12, 1:-1], (np.arange(1, 23) - 1) / 3, atol=1e-5)
