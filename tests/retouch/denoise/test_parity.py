"""The loop against diffusers' inpainting pipelines: same networks, noise, steps and guidance."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import diffusers
import numpy as np
import pytest
import torch
from diffusers.pipelines.stable_diffusion import pipeline_stable_diffusion_inpaint
from diffusers.pipelines.stable_diffusion_xl import pipeline_stable_diffusion_xl_inpaint
from diffusers.schedulers import scheduling_euler_ancestral_discrete, scheduling_lcm
from PIL import Image

from retouch.denoise import Edit, Model
from retouch.schedulers import FloatArray, load_scheduler
from tests.retouch.denoise.conftest import StartLoop
from tests.retouch.denoise.fakes import Client
from tests.retouch.denoise.torch_models import (
    EMBEDDINGS,
    FACTOR,
    POOLED,
    RESOLUTION,
    TorchEngines,
    tiny_pipeline,
)
from training.reuse import features_passing, reusing

STABLE_DIFFUSION: dict[str, object] = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "skip_prk_steps": True,
    "clip_sample": False,
    "steps_offset": 1,
}
SCHEDULERS: list[dict[str, object]] = [
    {"_class_name": "DDIMScheduler"},
    {"_class_name": "DDIMScheduler", "prediction_type": "v_prediction", "rescale_betas_zero_snr": True, "timestep_spacing": "trailing"},  # noqa: E501
    {"_class_name": "DDIMScheduler", "prediction_type": "sample"},
    {"_class_name": "PNDMScheduler"},
    {"_class_name": "EulerDiscreteScheduler", "timestep_spacing": "leading"},
    {"_class_name": "EulerDiscreteScheduler", "prediction_type": "v_prediction"},
    {"_class_name": "EulerAncestralDiscreteScheduler"},
    {"_class_name": "DPMSolverMultistepScheduler", "use_karras_sigmas": True},
    {"_class_name": "LCMScheduler"},
]  # fmt: skip
MODULES = (
    pipeline_stable_diffusion_inpaint,
    pipeline_stable_diffusion_xl_inpaint,
    scheduling_euler_ancestral_discrete,
    scheduling_lcm,
)
SEED = 11


@pytest.fixture
def one_torch_thread() -> Iterator[None]:
    """For networks as small as these more threads only get in each other's way."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def noise_from_the_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    """diffusers draws our noise, and takes the mean where it would sample the autoencoder."""
    generator = np.random.Generator(np.random.PCG64(SEED))

    def randn_tensor(shape: tuple[int, ...], **_: object) -> torch.Tensor:
        return torch.from_numpy(generator.standard_normal(shape, np.float32))

    def retrieve_latents(encoded: Any, **_: object) -> torch.Tensor:
        latents: torch.Tensor = encoded.latent_dist.mode()
        return latents

    for module in MODULES:
        monkeypatch.setattr(module, "randn_tensor", randn_tensor)
    for module in MODULES[:2]:
        monkeypatch.setattr(module, "retrieve_latents", retrieve_latents)


def reference_latents(pipeline: Any, edit: Edit, *, xl: bool, **options: object) -> FloatArray:
    """What diffusers makes of the edit, (4, h, w)."""
    negative, positive = torch.from_numpy(EMBEDDINGS)[:, None]
    prompts = {"prompt_embeds": positive, "negative_prompt_embeds": negative}
    if xl:
        negative, positive = torch.from_numpy(POOLED)[:, None]
        prompts |= {"pooled_prompt_embeds": positive, "negative_pooled_prompt_embeds": negative}
    outcome = pipeline(
        image=Image.fromarray(edit.image),
        mask_image=Image.fromarray(edit.mask),
        height=RESOLUTION,
        width=RESOLUTION,
        num_inference_steps=edit.steps,
        guidance_scale=edit.guidance,
        strength=edit.strength,
        output_type="latent",
        **prompts,
        **options,
    )
    latents: FloatArray = outcome.images[0].numpy()
    return latents


@pytest.mark.usefixtures("noise_from_the_seed", "one_torch_thread")
@pytest.mark.parametrize(
    ("xl", "strength", "guidance"),
    [(False, 1.0, 4.0), (False, 0.6, 4.0), (False, 0.6, 1.0), (True, 0.6, 4.0)],
)
@pytest.mark.parametrize("channels", [9, 4], ids=["inpainting", "plain"])
@pytest.mark.parametrize("scheduler", SCHEDULERS, ids=lambda s: "-".join(map(str, s.values())))
def test_the_latents_equal_those_of_diffusers(
    scheduler: dict[str, object],
    channels: int,
    strength: float,
    guidance: float,
    *,
    xl: bool,
    start_loop: StartLoop,
) -> None:
    config = STABLE_DIFFUSION | scheduler
    pipeline = pipeline_of(config, channels, xl=xl)
    edit = an_edit(strength, guidance)
    expected = reference_latents(pipeline, edit, xl=xl)
    latents = loop_latents(start_loop, model_of(config, channels, xl=xl), pipeline, edit)
    scale = max(1.0, float(np.abs(expected).max()))
    np.testing.assert_allclose(latents, expected, atol=1e-3 * scale)


@pytest.mark.usefixtures("noise_from_the_seed", "one_torch_thread")
@pytest.mark.parametrize("strength", [1.0, 0.6])
@pytest.mark.parametrize("channels", [9, 4], ids=["inpainting", "plain"])
def test_guidance_that_ends_early_is_that_of_diffusers_whose_callback_ends_it(
    channels: int, strength: float, start_loop: StartLoop
) -> None:
    config = STABLE_DIFFUSION | {"_class_name": "DDIMScheduler"}
    pipeline, edit = pipeline_of(config, channels, xl=False), an_edit(strength, guidance=4.0)
    guided_steps = {1.0: 3, 0.6: 2}[strength]  # half of 6, and of 3

    def end_guidance(
        pipe: Any, step: int, _timestep: object, tensors: dict[str, torch.Tensor]
    ) -> dict[str, torch.Tensor]:
        if step + 1 != guided_steps:
            return tensors
        pipe._guidance_scale = 0.0
        return {name: tensor[-1:] for name, tensor in tensors.items()}

    expected = reference_latents(
        pipeline,
        edit,
        xl=False,
        callback_on_step_end=end_guidance,
        callback_on_step_end_tensor_inputs=["prompt_embeds", "mask", "masked_image_latents"],
    )
    model = replace(model_of(config, channels, xl=False), guidance_end=0.5)
    latents = loop_latents(start_loop, model, pipeline, edit)
    scale = max(1.0, float(np.abs(expected).max()))
    np.testing.assert_allclose(latents, expected, atol=1e-3 * scale)


@pytest.mark.usefixtures("noise_from_the_seed", "one_torch_thread")
@pytest.mark.parametrize("interval", [2, 3])
@pytest.mark.parametrize(
    ("xl", "strength", "guidance"),
    [(False, 1.0, 4.0), (False, 0.8, 4.0), (False, 1.0, 1.0), (True, 1.0, 4.0)],
)
@pytest.mark.parametrize("name", ["DDIMScheduler", "DPMSolverMultistepScheduler"])
def test_steps_that_reuse_features_are_those_of_diffusers_whose_unet_reuses_them(
    name: str, strength: float, guidance: float, interval: int, *, xl: bool, start_loop: StartLoop
) -> None:
    config = STABLE_DIFFUSION | {"_class_name": name}
    pipeline, edit = pipeline_of(config, 9, xl=xl), an_edit(strength, guidance)
    with features_passing(pipeline.unet, reusing(interval, edit.steps)):
        expected = reference_latents(pipeline, edit, xl=xl)
    model = replace(model_of(config, 9, xl=xl), cache_interval=interval)
    latents = loop_latents(start_loop, model, pipeline, edit)
    scale = max(1.0, float(np.abs(expected).max()))
    np.testing.assert_allclose(latents, expected, atol=1e-3 * scale)


def pipeline_of(config: dict[str, object], channels: int, *, xl: bool) -> Any:
    """A tiny pipeline with a scheduler."""
    scheduler = getattr(diffusers, str(config["_class_name"])).from_config(dict(config))
    return tiny_pipeline(channels, scheduler, xl=xl)


def model_of(config: dict[str, object], channels: int, *, xl: bool) -> Model:
    """The same for the loop."""
    return Model(
        resolution=RESOLUTION,
        latent_channels=4,
        latent_factor=FACTOR,
        unet_channels=channels,
        scheduler=load_scheduler(config),
        max_rows=2,
        added_conditioning=xl,
    )


def an_edit(strength: float, guidance: float) -> Edit:
    """One image of a random window."""
    generator = np.random.default_rng(3)
    return Edit(
        image=generator.integers(0, 256, (RESOLUTION, RESOLUTION, 3), np.uint8),
        mask=generator.integers(0, 256, (RESOLUTION, RESOLUTION), np.uint8),
        prompt="prompt",
        negative_prompt="",
        seeds=(SEED,),
        steps=6,
        guidance=guidance,
        strength=strength,
    )


def loop_latents(start_loop: StartLoop, model: Model, pipeline: Any, edit: Edit) -> FloatArray:
    """What the loop makes of the edit, (4, h, w)."""
    engines, client = TorchEngines(pipeline), Client()
    start_loop(model, engines).submit(edit, client)
    assert client.wait().errors == []
    (latents,) = engines.decoded
    return latents
