"""The whole way, a few steps long."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import AutoencoderTiny, StableDiffusionInpaintPipeline
from safetensors.torch import load_file

from training.edits import edit
from training.recipe import AutoencoderPlan, DenoiserPhase, Recipe
from training.scenes import draw_scene
from training.stages import train

CPU = torch.device("cpu")
RECIPE = Recipe(
    seed=1,
    captions=50,
    unet_channels=(16, 32, 32, 64),
    autoencoder=AutoencoderPlan(steps=2, parts=2, crops=2, learning_rate=1e-3),
    denoiser=(
        DenoiserPhase(64, 2, parts=2, scenes=2, reuse=2, first_rate=1e-3, last_rate=1e-3),
        DenoiserPhase(128, 1, parts=1, scenes=2, reuse=2, first_rate=1e-3, last_rate=1e-4),
    ),
    drawing_processes=0,
    shown_edits=1,
    save_every_seconds=600,
)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("run")
    train(out, CPU, RECIPE)
    return out


def test_the_checkpoint_is_a_diffusers_pipeline_in_small_files(trained: Path) -> None:
    files = [path for path in (trained / "checkpoint").rglob("*") if path.is_file()]
    assert {"model_index.json", "vocab.json", "merges.txt"} <= {path.name for path in files}
    assert max(path.stat().st_size for path in files) <= 16 * 2**20
    assert sum(path.stat().st_size for path in files) <= 64 * 10**6


def test_the_checkpoint_does_not_tell_where_it_was_made(trained: Path) -> None:
    configs = list((trained / "checkpoint").rglob("*.json"))
    assert configs
    assert not [path for path in configs if str(trained) in path.read_text("utf-8")]


def test_an_edit_leaves_everything_outside_the_hole(trained: Path) -> None:
    pipeline = StableDiffusionInpaintPipeline.from_pretrained(trained / "checkpoint").to(
        torch.float32
    )
    scene = draw_scene(2, 0, 64, "object")
    (picture,) = edit(pipeline, [scene], steps=2)
    assert np.array_equal(picture[~scene.hole], scene.image[~scene.hole])
    assert not np.array_equal(picture[scene.hole], scene.image[scene.hole])


def test_late_steps_of_an_edit_are_not_guided_if_the_guidance_ends(
    trained: Path,
) -> None:
    pipeline = StableDiffusionInpaintPipeline.from_pretrained(trained / "checkpoint").to(
        torch.float32
    )
    rows: list[int] = []
    pipeline.unet.register_forward_pre_hook(lambda _, arguments: rows.append(len(arguments[0])))
    scenes = [draw_scene(2, number, 64, "object") for number in range(3)]
    edit(pipeline, scenes, steps=4, guidance=2.0, guidance_end=0.4)
    assert rows == [6, 6, 3, 3]


def test_a_finished_run_is_not_done_again(trained: Path) -> None:
    before = (trained / "denoiser.pt").stat().st_mtime_ns
    train(trained, CPU, RECIPE)
    assert (trained / "denoiser.pt").stat().st_mtime_ns == before


def test_a_sample_grid_is_drawn(trained: Path) -> None:
    assert [path.name for path in (trained / "samples").iterdir()] == ["000003.png"]


def test_a_run_can_begin_with_the_weights_of_another(trained: Path, tmp_path: Path) -> None:
    again = replace(RECIPE, denoiser=(replace(RECIPE.denoiser[0], first_rate=0, last_rate=0),))
    train(tmp_path, CPU, again, start=trained / "checkpoint")
    for weights in ("unet/diffusion_pytorch_model.safetensors", "text_encoder/model.safetensors"):
        one, other = (load_file(out / "checkpoint" / weights) for out in (trained, tmp_path))
        for name, values in one.items():
            torch.testing.assert_close(other[name], values)


def test_a_run_that_begins_with_other_weights_trains_the_decoder_and_keeps_the_latents(
    trained: Path, tmp_path: Path
) -> None:
    train(tmp_path, CPU, RECIPE, start=trained / "checkpoint")
    before, after = (
        AutoencoderTiny.from_pretrained(out / "checkpoint" / "vae", torch_dtype=torch.float32)
        for out in (trained, tmp_path)
    )
    assert after.config.scaling_factor == before.config.scaling_factor
    picture = torch.rand(1, 3, 64, 64) * 2 - 1
    latents = before.encode(picture).latents
    torch.testing.assert_close(after.encode(picture).latents, latents)
    assert not torch.allclose(after.decode(latents).sample, before.decode(latents).sample)
