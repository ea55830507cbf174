"""What a UNet's output says about the clean image and the noise."""

from typing import Literal

from retouch.schedulers.noise_schedule import FloatArray, Level

PredictionType = Literal["epsilon", "v_prediction", "sample"]


def clean_estimate(
    kind: PredictionType, prediction: FloatArray, latents: FloatArray, level: Level
) -> FloatArray:
    """The image that the prediction points to, of the latents' shape.

    Args:
        kind: what the checkpoint predicts: the noise, the velocity (https://arxiv.org/abs/2202.00512,
            appendix D) or the clean sample.
        prediction: the UNet's output.
        latents: the noisy latents, variance preserving: signal**2 + noise**2 = 1.
        level: their noise level.
    """
    if kind == "sample":
        return prediction
    if kind == "v_prediction":
        return level.signal * latents - level.noise * prediction
    return (latents - level.noise * prediction) / level.signal


def noise_estimate(
    kind: PredictionType, prediction: FloatArray, latents: FloatArray, level: Level
) -> FloatArray:
    """The noise that the prediction sees in the latents; arguments as in `clean_estimate`."""
    if kind == "sample":
        return (latents - level.signal * prediction) / level.noise
    if kind == "v_prediction":
        return level.signal * prediction + level.noise * latents
    return prediction
