"""What a scheduler's configuration may say."""

import inspect
from typing import get_type_hints

import diffusers
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retouch.schedulers import SCHEDULERS, UnsupportedOptionError, load_scheduler
from retouch.schedulers.ddim import DDIMOptions
from retouch.schedulers.dpm_solver import DPMSolverOptions
from retouch.schedulers.euler import EulerDiscreteOptions
from retouch.schedulers.euler_ancestral import EulerAncestralOptions
from retouch.schedulers.lcm import LCMOptions
from retouch.schedulers.options import OTHER_CLASSES_OPTIONS
from retouch.schedulers.pndm import PNDMOptions

OPTIONS: dict[str, type] = {
    "DDIMScheduler": DDIMOptions,
    "DPMSolverMultistepScheduler": DPMSolverOptions,
    "EulerAncestralDiscreteScheduler": EulerAncestralOptions,
    "EulerDiscreteScheduler": EulerDiscreteOptions,
    "LCMScheduler": LCMOptions,
    "PNDMScheduler": PNDMOptions,
}

# As published with Stable Diffusion 1.5 inpainting and XL base: with options of other classes.
SD15 = {
    "_class_name": "PNDMScheduler",
    "_diffusers_version": "0.6.0",
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "beta_start": 0.00085,
    "num_train_timesteps": 1000,
    "set_alpha_to_one": False,
    "skip_prk_steps": True,
    "steps_offset": 1,
    "trained_betas": None,
    "clip_sample": False,
}
SDXL = {
    "_class_name": "EulerDiscreteScheduler",
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "beta_start": 0.00085,
    "clip_sample": False,
    "interpolation_type": "linear",
    "num_train_timesteps": 1000,
    "prediction_type": "epsilon",
    "sample_max_value": 1.0,
    "set_alpha_to_one": False,
    "skip_prk_steps": True,
    "steps_offset": 1,
    "timestep_spacing": "leading",
    "trained_betas": None,
    "use_karras_sigmas": False,
}


@pytest.mark.parametrize("name", SCHEDULERS)
def test_every_option_of_the_diffusers_class_is_declared_with_its_default(name: str) -> None:
    signature = inspect.signature(getattr(diffusers, name).__init__)
    defaults = {p.name: p.default for p in signature.parameters.values() if p.name != "self"}
    assert set(get_type_hints(OPTIONS[name])) == set(defaults)
    for option, annotation in get_type_hints(OPTIONS[name]).items():
        if annotation is not object:
            assert getattr(OPTIONS[name](), option) == defaults[option]


def test_options_of_all_diffusers_schedulers_for_latent_diffusion_are_known() -> None:
    for scheduler in diffusers.DDIMScheduler._compatibles:
        options = set(inspect.signature(getattr(diffusers, scheduler).__init__).parameters)
        placeholder = {"args", "kwargs"}  # of classes whose own requirements are not installed
        known = OTHER_CLASSES_OPTIONS | set(get_type_hints(DDIMOptions)) | {"self"}
        assert options - placeholder <= known


@pytest.mark.parametrize("config", [SD15, SDXL])
def test_published_configurations_load(config: dict[str, object]) -> None:
    assert load_scheduler(config).trajectory(30).steps == (31 if config is SD15 else 30)


@pytest.mark.parametrize(
    ("name", "option", "value"),
    [
        ("DDIMScheduler", "thresholding", True),
        ("DDIMScheduler", "beta_schedule", "laplace"),
        ("DDIMScheduler", "num_train_timesteps", "1000"),
        ("DDIMScheduler", "clip_sample", 1),
        ("DDIMScheduler", "brand_new_option", 1),
        ("PNDMScheduler", "skip_prk_steps", False),
        ("PNDMScheduler", "prediction_type", "sample"),
        ("EulerAncestralDiscreteScheduler", "prediction_type", "sample"),
        ("EulerDiscreteScheduler", "use_beta_sigmas", True),
        ("EulerDiscreteScheduler", "timestep_type", "continuous"),
        ("EulerDiscreteScheduler", "sigma_min", "small"),
        ("DPMSolverMultistepScheduler", "algorithm_type", "sde-dpmsolver++"),
        ("DPMSolverMultistepScheduler", "solver_order", 3),
        ("DPMSolverMultistepScheduler", "use_flow_sigmas", True),
        ("DPMSolverMultistepScheduler", "variance_type", "learned_range"),
        ("LCMScheduler", "prediction_type", "flow_prediction"),
    ],
)
def test_an_unsupported_option_is_refused_by_name(name: str, option: str, value: object) -> None:
    with pytest.raises(UnsupportedOptionError, match=f"{name}: {option} = "):
        load_scheduler({"_class_name": name, "skip_prk_steps": True, option: value})


@pytest.mark.parametrize("name", ["HeunDiscreteScheduler", None])
def test_an_unsupported_class_is_refused_by_name(name: str | None) -> None:
    with pytest.raises(UnsupportedOptionError, match=r"_class_name = .*supported: DDIMScheduler"):
        load_scheduler({"_class_name": name})


@pytest.mark.parametrize("name", ["DDIMScheduler", "LCMScheduler"])
def test_noise_prediction_without_any_signal_is_refused(name: str) -> None:
    with pytest.raises(UnsupportedOptionError, match="prediction_type"):
        load_scheduler({"_class_name": name, "rescale_betas_zero_snr": True})


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("DDIMScheduler", 1001),
        ("LCMScheduler", 51),
        ("DPMSolverMultistepScheduler", 1000),
        ("EulerDiscreteScheduler", 1001),
    ],
)
def test_more_steps_than_the_scheduler_can_make_are_an_error(name: str, steps: int) -> None:
    with pytest.raises(ValueError, match=f"{steps} steps are more than"):
        load_scheduler({"_class_name": name}).trajectory(steps)


@given(
    name=st.sampled_from(sorted(SCHEDULERS)),
    spacing=st.sampled_from(["leading", "trailing", "linspace"]),
    steps=st.integers(1, 50),
    strength=st.floats(0, 1, exclude_min=True),
)
def test_every_strength_leaves_at_least_one_step_and_valid_timesteps(
    name: str, spacing: str, steps: int, strength: float
) -> None:
    config = {"_class_name": name, "skip_prk_steps": True, "timestep_spacing": spacing}
    trajectory = load_scheduler(config).trajectory(steps, strength)
    assert 1 <= trajectory.steps <= steps + (name == "PNDMScheduler")
    while trajectory.steps_done < trajectory.steps:
        assert 0 <= trajectory.timestep <= 999
        latents = np.zeros((1, 2, 2), np.float32)
        trajectory.step(latents, latents, np.random.default_rng(0))


def test_61_trailing_steps_are_61() -> None:
    """diffusers makes 62 of them, the last at timestep -1, by a rounding error."""
    config = {"_class_name": "DDIMScheduler", "timestep_spacing": "trailing"}
    assert load_scheduler(config).trajectory(61).steps == 61
