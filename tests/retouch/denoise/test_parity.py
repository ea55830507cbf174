"""The loop against diffusers' inpainting pipelines: same networks, noise, steps and guidance."""

from collections.abc import Iterator
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

    def retrieve_latents(encoded: Any, **_: object) -> torch.Tensor:  # noqa: ANN401 untyped library
        latents: torch.Tensor = encoded.latent_dist.mode()
        return latents

    for module in MODULES:
        monkeypatch.setattr(module, "randn_tensor", randn_tensor)
    for module in MODULES[:2]:
        monkeypatch.setattr(module, "retrieve_latents", retrieve_latents)


def reference_latents(pipeline: Any, edit: Edit, *, xl: bool) -> FloatArray:  # noqa: ANN401
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
    )
    latents: FloatArray = outcome.images[0].numpy()
    return latents


@pytest.mark.usefixtures("noise_from_the_seed", "one_torch_thread")
@pytest.mark.parametrize(("strength", "guidance"), [(1.0, 4.0), (0.6, 4.0), (0.6, 1.0)])
@pytest.mark.parametrize("xl", [False, True], ids=["sd", "sdxl"])
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
    pipeline = tiny_pipeline(
        channels, getattr(diffusers, str(config["_class_name"])).from_config(dict(config)), xl=xl
    )
    generator = np.random.default_rng(3)
    edit = Edit(
        image=generator.integers(0, 256, (RESOLUTION, RESOLUTION, 3), np.uint8),
        mask=generator.integers(0, 256, (RESOLUTION, RESOLUTION), np.uint8),
        prompt="prompt",
        negative_prompt="",
        seeds=(SEED,),
        steps=6,
        guidance=guidance,
        strength=strength,
    )
    expected = reference_latents(pipeline, edit, xl=xl)

    model = Model(
        resolution=RESOLUTION,
        latent_channels=4,
        latent_factor=FACTOR,
        unet_channels=channels,
        scheduler=load_scheduler(config),
        max_rows=2,
        added_conditioning=xl,
    )
    engines, client = TorchEngines(pipeline), Client()
    start_loop(model, engines).submit(edit, client)
    assert client.wait().errors == []

    (latents,) = engines.decoded
    scale = max(1.0, float(np.abs(expected).max()))
    np.testing.assert_allclose(latents, expected, atol=1e-3 * scale)
