"""The promise: outside the mask nothing changes; inside, no edge is seen."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import distance_transform_edt, gaussian_filter

from frontend.errors.pictures import (
    ImageWithoutAlphaError,
    MaskWithoutAlphaError,
    NothingTransparentError,
)
from frontend.pictures.canvas import canvas_of, on_white, resized
from frontend.pictures.decode import Picture
from frontend.pictures.edit import EditPixels
from frontend.pictures.mask import covering, repainted_by, repainted_in, snapped
from frontend.pictures.outline import outline_boxes
from frontend.pictures.seam import Seam
from frontend.pictures.window import choose_window
from tests.frontend.samples import mask_with_hole, noise

Mask = NDArray[np.bool_]
RESOLUTION = 32


@st.composite
def masks(draw: st.DrawFn, side: int) -> Mask:
    """Rectangles, single pixels and everything."""
    mask = np.zeros((side, side), np.bool_)
    place = st.integers(0, side - 1)
    for _ in range(draw(st.integers(1, 3))):
        top, left, bottom, right = (draw(place) for _ in range(4))
        mask[min(top, bottom) : max(top, bottom) + 1, min(left, right) : max(left, right) + 1] = 1
    if draw(st.booleans()):
        mask ^= np.random.default_rng(draw(st.integers(0, 99))).random((side, side)) < 0.02
    assume(mask.any())
    return mask


def prepared(
    image: NDArray[np.uint8], mask: Mask, side: int, resolution: int = RESOLUTION
) -> EditPixels:
    canvas = canvas_of(Image.fromarray(image), side)
    return EditPixels.prepare(canvas, mask, resolution=resolution, latent_factor=8)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_outside_the_mask_the_result_is_the_canvas_byte_for_byte(data: st.DataObject) -> None:
    side = data.draw(st.sampled_from([20, 32, 48, 96]))
    channels = data.draw(st.sampled_from([3, 4]))
    output = data.draw(st.sampled_from([side, 24, 64]))
    mask = data.draw(masks(side))
    image = noise(side, channels, data.draw(st.integers(0, 99)))
    edit = prepared(image, mask, output)
    result = edit.composite(noise(RESOLUTION, seed=data.draw(st.integers(0, 99))))

    if output == side:
        np.testing.assert_array_equal(edit.canvas, image)
        np.testing.assert_array_equal(edit.mask, mask)
    else:
        scaled = Image.fromarray(image).resize((output, output), Image.Resampling.LANCZOS)
        np.testing.assert_array_equal(edit.canvas, np.asarray(scaled))
    assert result.shape == (output, output, channels)
    np.testing.assert_array_equal(result[~edit.mask], edit.canvas[~edit.mask])
    if channels == 4:
        assert (result[edit.mask, 3] == 255).all()


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_a_window_painted_like_the_canvas_gives_the_canvas_back(data: st.DataObject) -> None:
    mask = data.draw(masks(RESOLUTION))
    edit = prepared(noise(RESOLUTION), mask, RESOLUTION)
    np.testing.assert_array_equal(edit.composite(edit.model_image), edit.canvas)


@given(offset=st.integers(-40, 40), hole=st.integers(1, 60))
@settings(max_examples=30, deadline=None)
def test_a_drift_in_colour_vanishes_at_the_border_of_the_mask(offset: int, hole: int) -> None:
    side, resolution = 96, 96
    image = (noise(side) // 2 + 64).astype(np.uint8)
    mask = np.zeros((side, side), np.bool_)
    mask[20 : 20 + hole, 15 : 15 + hole] = True
    edit = prepared(image, mask, side, resolution)
    drifted = (edit.model_image.astype(int) + offset).astype(np.uint8)
    result = edit.composite(drifted).astype(int)
    border = mask & ~np.pad(mask, 1)[:-2, 1:-1]  # masked, with a kept pixel above
    np.testing.assert_allclose(result[border], image[border], atol=1)
    if hole > 30:  # then what follows lies deeper inside than the transition
        np.testing.assert_array_equal(
            result[30:35, 25:30], image[30:35, 25:30].astype(int) + offset
        )


@given(st.data())
@settings(max_examples=30, deadline=None)
def test_the_transition_is_a_normalised_convolution_that_fades_out(data: st.DataObject) -> None:
    """The same formula over the whole picture at once, in double precision."""
    side = data.draw(st.sampled_from([32, 100, 150]))
    mask = data.draw(masks(side))
    decoded, original = noise(side, seed=1), noise(side, seed=2)
    shifted = Seam(mask).shifted(decoded, original)
    if mask.all():
        np.testing.assert_array_equal(shifted, decoded)
        return
    kept = (~mask).astype(float)
    depth = np.clip((distance_transform_edt(mask) - 1) / 8, 0, 1)
    weight = np.where(mask, (1 + np.cos(np.pi * depth)) / 2, 0)
    density = np.where(weight > 0, gaussian_filter(kept, 3, mode="constant"), 1)
    for channel in range(3):
        difference = (original[..., channel].astype(float) - decoded[..., channel]) * kept
        blurred = gaussian_filter(difference, 3, mode="constant")
        expected = np.clip(decoded[..., channel] + blurred * weight / density, 0, 255)
        np.testing.assert_allclose(shifted[..., channel], expected, atol=0.51)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_boxes_cover_the_outline_once_and_little_else(data: st.DataObject) -> None:
    side = data.draw(st.sampled_from([8, 50, 96]))
    mask = data.draw(masks(side))
    covered = np.zeros((side, side), int)
    for box in outline_boxes(mask, 8, margin=12):
        covered[box.area] += 1
    assert covered.max(initial=0) <= 1
    if not mask.all():
        depth = distance_transform_edt(mask)
        assert (covered[mask & (depth <= 8)] == 1).all()
    else:
        assert not covered.any()


def test_the_middle_of_a_large_mask_is_in_no_box() -> None:
    mask = np.zeros((512, 512), np.bool_)
    mask[56:456, 56:456] = True
    boxes = outline_boxes(mask, 8, margin=12)
    assert not any(box.top < 256 <= box.bottom and box.left < 256 <= box.right for box in boxes)
    assert sum((b.bottom - b.top) * (b.right - b.left) for b in boxes) < 0.15 * mask.sum()


def test_what_lies_under_the_mask_does_not_touch_the_result() -> None:
    mask = mask_with_hole(64, 20, 20, 40, 40)[..., 3] == 0
    black, white = noise(64), noise(64)
    black[mask], white[mask] = 0, 255
    painted = noise(64, seed=5)
    first, second = [prepared(image, mask, 64, 64).composite(painted) for image in (black, white)]
    np.testing.assert_array_equal(first, second)


def test_a_mask_of_the_whole_canvas_takes_the_painted_pixels_as_they_are() -> None:
    mask = np.ones((RESOLUTION, RESOLUTION), np.bool_)
    painted = noise(RESOLUTION, seed=3)
    np.testing.assert_array_equal(
        prepared(noise(RESOLUTION), mask, RESOLUTION).composite(painted), painted
    )


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_scaled_mask_covers_every_pixel_that_the_mask_touches(data: st.DataObject) -> None:
    side, output = data.draw(st.integers(1, 24)), data.draw(st.integers(1, 24))
    mask = np.random.default_rng(data.draw(st.integers(0, 999))).random((side, side)) < 0.2
    expected = np.zeros((output, output), np.bool_)
    # On the common grid of side * output cells nothing has to be rounded.
    for row, column in np.argwhere(mask.repeat(output, 0).repeat(output, 1)):
        expected[row // side, column // side] = True
    np.testing.assert_array_equal(covering(mask, output), expected)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_the_window_holds_the_mask_with_context(data: st.DataObject) -> None:
    side = data.draw(st.sampled_from([32, 40, 64, 100]))
    mask = data.draw(masks(side))
    window = choose_window(mask, RESOLUTION)
    assert mask[window.area].sum() == mask.sum()
    assert mask[window.area].shape == (window.side, window.side)
    rows, columns = np.nonzero(mask)
    extent = max(np.ptp(rows), np.ptp(columns)) + 1
    if extent * 4 <= RESOLUTION * 3:
        assert window.side == RESOLUTION
    else:
        assert window.side == side or window.side * 3 >= extent * 4


def test_the_window_is_centred_where_there_is_room() -> None:
    mask = np.zeros((100, 100), np.bool_)
    mask[50:60, 40:50] = True
    window = choose_window(mask, RESOLUTION)
    assert (window.top, window.left, window.side) == (39, 29, RESOLUTION)


@given(st.data())
def test_a_snapped_mask_is_whole_blocks_around_the_mask(data: st.DataObject) -> None:
    mask = data.draw(masks(32))
    blocks = snapped(mask, 8)
    assert (blocks | ~mask).all()
    for row in range(0, 32, 8):
        for column in range(0, 32, 8):
            block = blocks[row : row + 8, column : column + 8]
            assert block.all() == block.any() == mask[row : row + 8, column : column + 8].any()


def test_the_model_sees_the_window_on_white_and_the_mask_in_blocks() -> None:
    image = noise(96, 4)
    mask = np.zeros((96, 96), np.bool_)
    mask[50:55, 50:55] = True
    edit = prepared(image, mask, 96)
    assert edit.window.side == RESOLUTION
    reference = Image.new("RGBA", (96, 96), "white")
    reference.alpha_composite(Image.fromarray(image))
    expected = np.asarray(reference.convert("RGB")).astype(int)[edit.window.area]
    assert np.abs(edit.model_image - expected).max() <= 1
    assert set(np.unique(edit.model_mask)) == {0, 255}
    assert (edit.model_mask[mask[edit.window.area]] == 255).all()


def test_colours_under_transparency_do_not_bleed_when_scaled() -> None:
    image = np.zeros((64, 64, 4), np.uint8)
    image[:, :32] = (255, 0, 0, 255)
    image[:, 32:] = (0, 255, 0, 0)
    assert resized(image, 32)[..., 1].max() == 0
    assert (on_white(image)[:, 32:] == 255).all()


def test_semi_transparent_pixels_are_kept() -> None:
    pixels = noise(16, 4)
    pixels[..., 3] = np.arange(256).reshape(16, 16)
    expected = np.arange(256).reshape(16, 16) == 0
    for repainted in (repainted_by, repainted_in):
        np.testing.assert_array_equal(repainted(Picture(Image.fromarray(pixels), "RGBA")), expected)


def test_nothing_to_repaint_is_an_error() -> None:
    opaque = Picture(Image.fromarray(np.full((8, 8, 4), 1, np.uint8)), "RGBA")
    with pytest.raises(ImageWithoutAlphaError):
        repainted_in(Picture(Image.fromarray(noise(8)), "RGB"))
    with pytest.raises(MaskWithoutAlphaError):
        repainted_by(Picture(Image.fromarray(noise(8)), "RGB"))
    for repainted in (repainted_by, repainted_in):
        with pytest.raises(NothingTransparentError):
            repainted(opaque)
