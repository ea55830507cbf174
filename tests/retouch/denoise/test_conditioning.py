"""What an edit's images share, and how it becomes rows of a UNet call."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retouch.denoise import Edit, Encoded, Model, PixelArray, UNetOutputs
from retouch.denoise.conditioning import condition
from retouch.denoise.edit import preview_steps
from retouch.denoise.live_image import LiveImage, guided
from retouch.denoise.rows import Batch
from retouch.schedulers import FloatArray
from tests.retouch.denoise.fakes import CHANNELS, FACTOR, RESOLUTION, FakeEngines, edit, model

LONG_PROMPT = "a very long prompt " * 3  # two chunks for the fake encoder


class Recorder(FakeEngines):
    """Remembers the masks that the window is encoded with."""

    def __init__(self) -> None:
        super().__init__()
        self.masks: list[PixelArray] = []

    def encode(
        self, image: PixelArray, mask: PixelArray, prompt: str, negative_prompt: str
    ) -> Encoded:
        self.masks.append(mask)
        return super().encode(image, mask, prompt, negative_prompt)


def whole(one: Edit) -> FloatArray:
    """The latents of the whole window."""
    return FakeEngines().encode_image(one.image, np.zeros_like(one.mask))


def xl(*, zero_empty_negative: bool) -> Model:
    return replace(model(), added_conditioning=True, zero_empty_negative=zero_empty_negative)


def test_the_negative_prompts_row_comes_first_and_only_with_guidance() -> None:
    one = edit(negative_prompt="blurry")
    both = condition(one, model(), FakeEngines()).embeddings
    single = condition(replace(one, guidance=1.0), model(), FakeEngines()).embeddings
    assert both.shape == (2, 77, 3)
    np.testing.assert_array_equal(both[1:], single)
    assert both[0, 0, 0] == np.float32(len("blurry") / 100)


def test_the_chunks_of_a_prompt_stand_one_after_the_other() -> None:
    one = edit(prompt=LONG_PROMPT, negative_prompt="no")
    assert condition(one, model(), FakeEngines()).embeddings.shape == (2, 154, 3)


def test_the_pooled_embedding_is_that_of_each_prompts_first_chunk() -> None:
    class Chunked(FakeEngines):
        def encode(
            self, image: PixelArray, mask: PixelArray, prompt: str, negative_prompt: str
        ) -> Encoded:
            encoded = super().encode(image, mask, prompt, negative_prompt)
            return encoded._replace(pooled=np.arange(4, dtype=np.float32)[:, None])

    one = edit(prompt=LONG_PROMPT, negative_prompt="no")
    pooled = condition(one, xl(zero_empty_negative=True), Chunked()).pooled
    assert pooled is not None
    assert pooled.tolist() == [[0], [2]]


@pytest.mark.parametrize(
    ("negative_prompt", "zeroes", "is_zero"),
    [("", True, True), ("blurry", True, False), ("", False, False)],
)
def test_an_empty_negative_prompt_is_zero_where_the_model_was_trained_so(
    negative_prompt: str, *, zeroes: bool, is_zero: bool
) -> None:
    class NeverZero(FakeEngines):
        def encode(
            self, image: PixelArray, mask: PixelArray, prompt: str, negative_prompt: str
        ) -> Encoded:
            encoded = super().encode(image, mask, prompt, negative_prompt)
            return encoded._replace(
                embeddings=encoded.embeddings + 1, pooled=np.ones((2, 3), np.float32)
            )

    one = edit(negative_prompt=negative_prompt)
    conditioning = condition(one, xl(zero_empty_negative=zeroes), NeverZero())
    assert conditioning.pooled is not None
    assert conditioning.embeddings[0].any() != is_zero
    assert conditioning.pooled[0].any() != is_zero
    assert conditioning.embeddings[1].all()
    assert conditioning.pooled[1].all()


def test_an_inpainting_unet_gets_the_masked_window_and_the_whole_one_only_if_needed() -> None:
    engines = Recorder()
    one = edit()
    conditioning = condition(one, model(), engines)
    assert conditioning.known_latents is None
    np.testing.assert_array_equal(engines.masks, [one.mask])
    conditioning = condition(replace(one, strength=0.5), model(), engines)
    assert conditioning.known_latents is not None
    np.testing.assert_array_equal(conditioning.known_latents, whole(one))


def test_a_plain_unet_gets_the_whole_window() -> None:
    engines = Recorder()
    one = edit()
    conditioning = condition(one, model(unet_channels=CHANNELS), engines)
    assert not np.any(engines.masks)
    assert conditioning.known_latents is not None
    np.testing.assert_array_equal(conditioning.known_latents, whole(one))
    assert conditioning.masked_latents is None


def test_the_latent_mask_is_that_of_every_factor_th_pixel() -> None:
    mask = np.zeros((RESOLUTION, RESOLUTION), np.uint8)
    mask[FACTOR, 0], mask[0, FACTOR], mask[1, 1] = 128, 127, 255
    conditioning = condition(replace(edit(), mask=mask), model(), FakeEngines())
    assert conditioning.mask.tolist() == [[[0, 0], [1, 0]]]


def test_known_pixels_of_a_plain_unet_end_as_they_were() -> None:
    one = edit(steps=3)
    plain = model(unet_channels=CHANNELS)
    conditioning = condition(one, plain, FakeEngines())
    image = LiveImage(one, 0, plain, conditioning)
    kept = np.broadcast_to(conditioning.mask == 0, plain.latent_shape)
    assert kept.any()
    assert conditioning.known_latents is not None
    for _ in range(3):
        image.advance(UNetOutputs(np.ones((2, *plain.latent_shape), np.float32)))
        np.testing.assert_array_equal(image.estimate[kept], conditioning.known_latents[kept])


def test_rows_carry_the_models_size_and_their_own_timestep() -> None:
    one, sd_xl = edit(steps=10), xl(zero_empty_negative=False)
    conditioning = condition(one, sd_xl, FakeEngines())
    ahead, behind = (LiveImage(one, 0, sd_xl, conditioning) for _ in range(2))
    ahead.advance(UNetOutputs(np.zeros((2, *sd_xl.latent_shape), np.float32)))
    rows = Batch([ahead, behind], RESOLUTION).rows()
    assert rows.latents.shape == (4, 2 * CHANNELS + 1, 2, 2)
    assert rows.timestep.ravel().tolist() == [800, 800, 900, 900]
    assert rows.time_ids is not None
    assert rows.time_ids.tolist() == [[RESOLUTION, RESOLUTION, 0, 0, RESOLUTION, RESOLUTION]] * 4
    *of_a_whole_step, features = rows
    assert features is None
    for array in of_a_whole_step:
        assert array is not None
        assert array.dtype == np.float32


def test_what_stays_the_same_is_stacked_once_for_all_steps() -> None:
    one, sd_xl = edit(steps=3), xl(zero_empty_negative=False)
    conditioning = condition(one, sd_xl, FakeEngines())
    images = [LiveImage(one, 0, sd_xl, conditioning) for _ in range(2)]
    batch = Batch(images, RESOLUTION)
    first = batch.rows()
    latents, timestep = first.latents.copy(), first.timestep.copy()
    for image in images:
        image.advance(UNetOutputs(np.ones((2, *sd_xl.latent_shape), np.float32)))
    second = batch.rows()
    assert second.embeddings is first.embeddings
    np.testing.assert_array_equal(second.latents[:, CHANNELS:], latents[:, CHANNELS:])
    assert (second.latents[:, :CHANNELS] != latents[:, :CHANNELS]).any()
    assert (second.timestep < timestep).all()
    *of_a_whole_step, features = second
    assert features is None
    for kept, fresh in zip(of_a_whole_step, Batch(images, RESOLUTION).rows()[:-1], strict=True):
        assert kept is not None
        assert fresh is not None
        np.testing.assert_array_equal(kept, fresh)


def test_guidance_goes_from_the_negative_through_the_positive_prediction() -> None:
    negative, positive = np.array([[[[1]]], [[[3]]]], np.float32)
    assert guided(negative, positive, 1.0).item() == 3.0
    assert guided(negative, positive, 2.5).item() == 6.0


@given(steps=st.integers(1, 100), previews=st.integers(0, 100))
def test_previews_are_evenly_spaced_and_never_last(steps: int, previews: int) -> None:
    marks = sorted(preview_steps(steps, previews))
    assert len(marks) == min(previews, steps - 1)
    assert all(0 < mark < steps for mark in marks)
    gaps = np.diff([0, *marks, steps])
    assert gaps.max() - gaps.min() <= 1


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("unet_channels", 8),
        ("resolution", 20),
        ("max_rows", 1),
        ("guidance_end", 0),
        ("decoder_rows", 0),
    ],
)
def test_numbers_that_contradict_each_other_are_refused(name: str, number: int) -> None:
    with pytest.raises(ValueError, match=f"{name} = {number}"):
        model(None, **{name: number})
