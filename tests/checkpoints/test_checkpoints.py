"""The small checkpoints are loaded by diffusers, and nothing that goes in is without effect."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from diffusers import AutoPipelineForInpainting, DiffusionPipeline
from PIL import Image

from tests.checkpoints import build

FAMILIES = ("sd1_inpainting", "sd1_plain", "sd1_lcm", "sd2_inpainting", "sdxl_inpainting")
VISIBLE = 8  # of 255
pytestmark = pytest.mark.filterwarnings("ignore:.*:FutureWarning")
Picture = npt.NDArray[np.int64]


@pytest.fixture(scope="session", params=FAMILIES)
def pipeline(request: pytest.FixtureRequest) -> Any:
    folder: Path = request.getfixturevalue(request.param)
    pipeline = AutoPipelineForInpainting.from_pipe(DiffusionPipeline.from_pretrained(folder))
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def _mask(top: int, left: int) -> Image.Image:
    mask = np.zeros((64, 64), np.uint8)
    mask[top : top + 32, left : left + 32] = 255
    return Image.fromarray(mask)


def _picture() -> Image.Image:
    colours = np.random.default_rng(0).integers(0, 256, (4, 4, 3), dtype=np.uint8)
    return Image.fromarray(colours).resize((64, 64), Image.Resampling.BICUBIC)


def _edit(pipeline: Any, **changes: Any) -> Picture:
    options: dict[str, Any] = {"prompt": "a cat", "mask_image": _mask(16, 16), "seed": 0}
    options |= changes
    generator = torch.Generator().manual_seed(options.pop("seed"))
    edited = pipeline(
        image=_picture(),
        height=64,
        width=64,
        num_inference_steps=4,
        strength=1.0,
        guidance_scale=5.0,
        generator=generator,
        **options,
    )
    return np.asarray(edited.images[0]).astype(np.int64)


@pytest.mark.parametrize(
    "changes",
    [
        {"prompt": "blue flower on the table"},
        {"negative_prompt": "red dog"},
        {"seed": 1},
        {"mask_image": _mask(0, 32)},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_every_input_shows_in_the_picture(pipeline: Any, changes: dict[str, Any]) -> None:
    difference = np.abs(_edit(pipeline) - _edit(pipeline, **changes))
    assert difference.max() >= VISIBLE


def test_few_pixels_are_black_or_white(pipeline: Any) -> None:
    edited = _edit(pipeline)
    assert np.isin(edited, [0, 255]).mean() < 0.15


def test_an_unknown_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        build("sd9", tmp_path)
