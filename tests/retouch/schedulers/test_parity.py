"""Every scheduler against diffusers' class of the same name, over whole trajectories."""

from collections.abc import Iterator, Mapping

import numpy as np
import pytest

from retouch.schedulers import SCHEDULERS, load_scheduler
from tests.retouch.schedulers.reference import (
    SHAPE,
    draw_noise_from,
    own_run,
    random_predictor,
    reference_run,
)

STABLE_DIFFUSION = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}
WITHOUT_SAMPLE_PREDICTION = ("EulerAncestralDiscreteScheduler", "PNDMScheduler")  # in diffusers too
RUNS = [(1, 1.0), (10, 0.05), (20, 0.6), (7, 1.0)]


def configurations() -> Iterator[tuple[str, dict[str, object]]]:
    """Scheduler x prediction type x spacing."""
    for name in SCHEDULERS:
        for prediction in ("epsilon", "v_prediction", "sample"):
            for spacing in ("leading", "trailing", "linspace"):
                options: dict[str, object] = {"prediction_type": prediction}
                options["timestep_spacing"] = spacing
                if prediction != "sample" or name not in WITHOUT_SAMPLE_PREDICTION:
                    yield name, options


VARIANTS: list[tuple[str, dict[str, object]]] = [
    ("DDIMScheduler", {"rescale_betas_zero_snr": True, "prediction_type": "v_prediction"}),
    ("DDIMScheduler", {"set_alpha_to_one": False, "steps_offset": 1}),
    ("DDIMScheduler", {"clip_sample": True, "clip_sample_range": 0.7}),
    ("DDIMScheduler", {"beta_schedule": "linear", "timestep_spacing": "trailing"}),
    ("DDIMScheduler", {"trained_betas": np.linspace(1e-3, 1e-2, 1000).tolist()}),
    ("PNDMScheduler", {"set_alpha_to_one": True, "steps_offset": 1}),
    ("LCMScheduler", {"clip_sample": True, "timestep_scaling": 5.0}),
    ("LCMScheduler", {"rescale_betas_zero_snr": True, "prediction_type": "v_prediction"}),
    ("LCMScheduler", {"original_inference_steps": 100}),
    ("EulerDiscreteScheduler", {"timestep_spacing": "leading", "steps_offset": 1}),
    ("EulerDiscreteScheduler", {"use_karras_sigmas": True}),
    ("EulerDiscreteScheduler", {"use_karras_sigmas": True, "sigma_min": 0.1, "sigma_max": 9.0}),
    ("EulerDiscreteScheduler", {"use_exponential_sigmas": True}),
    ("EulerDiscreteScheduler", {"interpolation_type": "log_linear"}),
    ("EulerDiscreteScheduler", {"final_sigmas_type": "sigma_min"}),
    ("EulerDiscreteScheduler", {"rescale_betas_zero_snr": True, "timestep_spacing": "trailing"}),
    ("EulerAncestralDiscreteScheduler", {"rescale_betas_zero_snr": True}),
    ("DPMSolverMultistepScheduler", {"solver_order": 1}),
    ("DPMSolverMultistepScheduler", {"solver_type": "heun"}),
    ("DPMSolverMultistepScheduler", {"use_karras_sigmas": True}),
    ("DPMSolverMultistepScheduler", {"use_exponential_sigmas": True}),
    ("DPMSolverMultistepScheduler", {"final_sigmas_type": "sigma_min"}),
    (
        "DPMSolverMultistepScheduler",
        {"final_sigmas_type": "sigma_min", "lower_order_final": False},
    ),
    (
        "DPMSolverMultistepScheduler",
        {"final_sigmas_type": "sigma_min", "lower_order_final": False, "euler_at_final": True},
    ),
    ("DPMSolverMultistepScheduler", {"rescale_betas_zero_snr": True}),
    (
        "DPMSolverMultistepScheduler",
        {"beta_schedule": "squaredcos_cap_v2", "lambda_min_clipped": -5.1},
    ),
    (
        "DPMSolverMultistepScheduler",
        {"beta_schedule": "squaredcos_cap_v2", "use_karras_sigmas": True},
    ),
]


@pytest.mark.parametrize(("steps", "strength"), RUNS)
@pytest.mark.parametrize(("name", "options"), [*configurations(), *VARIANTS])
def test_a_trajectory_equals_that_of_diffusers(
    name: str,
    options: Mapping[str, object],
    steps: int,
    strength: float,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fixed = {"_class_name": name, "skip_prk_steps": True, "clip_sample": False}
    config = {**fixed, **STABLE_DIFFUSION, **options}
    clean, noise = np.random.default_rng(0).standard_normal((2, *SHAPE), np.float32)
    predict = random_predictor(steps)
    draw_noise_from(np.random.default_rng(1), monkeypatch)
    expected = reference_run(config, steps, strength, clean, noise, predict)

    trajectory = load_scheduler(config).trajectory(steps, strength)
    run = own_run(trajectory, strength, clean, noise, predict, np.random.default_rng(1))

    np.testing.assert_allclose(run[0], expected[0], atol=1e-3)
    for states, expected_states in zip(run[1:], expected[1:], strict=True):
        for state, expected_state in zip(states, expected_states, strict=True):
            scale = max(1.0, float(np.abs(expected_state).max()))
            np.testing.assert_allclose(state, expected_state, atol=1e-4 * scale)
            assert state.dtype == np.float32
