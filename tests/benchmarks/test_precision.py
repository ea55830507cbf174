"""The comparison of engines: edits as diffusers makes them, all bars, all engines that are here."""

from collections.abc import Sequence
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks.local.networks import built_in_painter, model_of, published_engines
from benchmarks.precision.outcome import BARS, Outcome, evaluate
from benchmarks.precision.table import Row
from benchmarks.precision.variants import variants
from export.contracts import Role
from export.request import Engine, Precision
from frontend.inference.models import WindowEdit
from frontend.pictures.decode import Pixels
from frontend.pictures.edit import EditPixels
from tests.e2e.reference import diffusers_edit
from tests.export.published import Published
from training.scenes import draw_scene
from training.ship import CHECKPOINT, MODEL_ID, REPOSITORY, parameters

LARGEST_DIFFERENCE = 2  # of 255


def test_an_edit_of_this_process_equals_what_diffusers_paints() -> None:
    published = Published(CHECKPOINT, REPOSITORY, MODEL_ID)
    engines = published_engines(published, Engine.ONNXRUNTIME, Precision.FP32)
    painter = built_in_painter(model_of(published), engines)
    scene = draw_scene(1, 0, task="material")
    window = EditPixels.prepare(scene.image, scene.hole, resolution=256, latent_factor=8)
    [painted] = painter.paint([window], [scene.caption], [7])
    defaults = parameters(REPOSITORY, Role.PUBLIC)
    reference = diffusers_edit(
        CHECKPOINT,
        WindowEdit(
            image=window.model_image,
            mask=window.model_mask,
            prompt=scene.caption,
            negative_prompt="",
            seeds=(7,),
            steps=int(defaults["steps"]),
            guidance=float(defaults["guidance"]),
            strength=1.0,
        ),
        guidance_end=float(defaults["guidance_end"]),
    )
    difference = painted.astype(int) - window.composite(reference)
    assert np.abs(difference).max() <= LARGEST_DIFFERENCE
    assert (painted[scene.hole] != scene.image[scene.hole]).any()


class TruePainter:
    """Paints what is truly there."""

    model = SimpleNamespace(resolution=192, latent_factor=8)

    def paint(
        self, windows: Sequence[EditPixels], _prompts: Sequence[str], seeds: Sequence[int]
    ) -> list[Pixels]:
        assert len(set(seeds)) == len(windows), "noise must not be the same for all"
        return [window.canvas for window in windows]


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return evaluate(TruePainter(), part=0.05)  # type: ignore[arg-type]  # a stand-in


def test_every_bar_is_shown_and_true_pictures_meet_those_of_single_edits(outcome: Outcome) -> None:
    bars = Row.of("true", outcome).bars
    assert list(bars) == list(BARS.values())
    # Two prompts were answered with one picture here, so the last bar is missed.
    assert [met for _, met in bars.values()] == [True] * 5 + [False]


def test_differences_count_where_a_picture_is_repainted() -> None:
    hole = np.zeros((8, 8), np.bool_)
    hole[:4] = True
    picture = np.full((8, 8, 3), 100, np.uint8)
    louder = picture.copy()
    louder[:2] += 51  # half of the hole
    louder[6:] = 255  # outside
    reference = Outcome([], [picture, picture], [hole, hole])
    row = Row.of("louder", Outcome([], [louder, picture], [hole, hole]), reference)
    # 51 is a fifth of the range; it is off in a quarter of all repainted pixels.
    assert row.psnr == pytest.approx(10 * np.log10(25 * 4))
    assert row.worst_psnr == pytest.approx(10 * np.log10(25 * 2))


def test_equal_pictures_have_no_ratio(outcome: Outcome) -> None:
    assert Row.of("same", outcome, outcome).psnr is None


def test_no_variant_needs_a_gpu_and_none_comes_twice() -> None:
    compared = list(variants())
    assert len({variant.name for variant in compared}) == len(compared)
    assert Engine.TENSORRT not in {variant.engine for variant in compared}
    assert {variant.engine for variant in compared} == {Engine.ONNXRUNTIME, Engine.OPENVINO}
