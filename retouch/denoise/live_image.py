"""One image on its way from noise to picture."""

import math

import numpy as np

from retouch.denoise.conditioning import Conditioning
from retouch.denoise.edit import Edit
from retouch.denoise.model import Model
from retouch.denoise.seam import UNetOutputs
from retouch.schedulers import FloatArray


class LiveImage:
    """An image's own state: latents, trajectory, noise. It depends on its seed, not on company."""

    def __init__(self, edit: Edit, index: int, model: Model, conditioning: Conditioning) -> None:
        """Draws the initial noise.

        Args:
            edit: what was asked for.
            index: which of the edit's images this is.
            model: the checkpoint's numbers.
            conditioning: of the edit.
        """
        self.conditioning = conditioning
        self._guidance = edit.guidance
        self._cache_interval = model.cache_interval
        self._features: FloatArray | None = None
        self._trajectory = model.scheduler.trajectory(edit.steps, edit.strength)
        self._guided_steps = math.ceil(model.guidance_end * self._trajectory.steps)
        # Seeds are signed on the wire; NumPy's are not.
        self._generator = np.random.Generator(np.random.PCG64(edit.seeds[index] % 2**64))
        self._noise = self._generator.standard_normal(model.latent_shape, np.float32)
        self._latents = self._initial_latents(edit.strength)
        self._clean = self._latents
        self._blends = not model.is_inpainting

    def _initial_latents(self, strength: float) -> FloatArray:
        known = self.conditioning.known_latents
        if strength < 1 and known is not None:
            return self._trajectory.add_noise(known, self._noise)
        return self._trajectory.initial_noise_scale * self._noise

    @property
    def rows(self) -> int:
        """How many rows of the next UNet call it needs."""
        return len(self.conditioning.embeddings) if self.steps_done < self._guided_steps else 1

    @property
    def embeddings(self) -> FloatArray:
        """Of each of its rows: (rows, 77 * chunks, width)."""
        return self.conditioning.embeddings[-self.rows :]

    @property
    def pooled(self) -> FloatArray | None:
        """Of each of its rows, (rows, width); of models with added conditioning."""
        pooled = self.conditioning.pooled
        return None if pooled is None else pooled[-self.rows :]

    @property
    def features(self) -> FloatArray | None:
        """Of each of its rows, (rows, F, h, w), if the next call is a shallow one."""
        if self._features is None or self.steps_done % self._cache_interval == 0:
            return None
        return self._features[-self.rows :]

    @property
    def steps(self) -> int:
        """UNet calls in all."""
        return self._trajectory.steps

    @property
    def steps_done(self) -> int:
        """UNet calls so far."""
        return self._trajectory.steps_done

    @property
    def timestep(self) -> float:
        """Of the next UNet call."""
        return self._trajectory.timestep

    @property
    def is_finished(self) -> bool:
        """Whether no step is left."""
        return self.steps_done == self.steps

    @property
    def estimate(self) -> FloatArray:
        """The latents to decode: the finished ones, or how they look like becoming, (C, h, w)."""
        return self._latents if self.is_finished else self._clean

    @property
    def unet_shape(self) -> tuple[int, int, int]:
        """Of each of its rows in the UNet's input: (unet_channels, h, w)."""
        channels, height, width = self._latents.shape
        masked = self.conditioning.masked_latents
        return channels + (0 if masked is None else 1 + len(masked)), height, width

    def scaled_latents(self) -> FloatArray:
        """What the UNet gets of the latents, (C, h, w)."""
        return self._trajectory.scale_model_input(self._latents)

    def advance(self, outputs: UNetOutputs) -> None:
        """Moves on by one step.

        Args:
            outputs: the UNet's for its rows.
        """
        predictions = outputs.prediction
        if outputs.features is not None:
            # A copy: a view would keep what the UNet gave for all images.
            self._features = np.array(outputs.features)
        prediction: FloatArray = predictions[-1]
        if self.rows == 2:
            prediction = guided(predictions[0], prediction, self._guidance)
        step = self._trajectory.step(prediction, self._latents, self._generator)
        self._latents, self._clean = step
        if self._blends:
            self._blend_known()

    def _blend_known(self) -> None:
        """Puts the known pixels back where nothing is repainted, as noisy as the latents are."""
        mask, known = self.conditioning.mask, self.conditioning.known_latents
        if known is None:
            raise ValueError("a plain UNet needs the whole window's latents")
        noisy = known if self.is_finished else self._trajectory.add_noise(known, self._noise)
        self._latents = (1 - mask) * noisy + mask * self._latents
        self._clean = (1 - mask) * known + mask * self._clean


def guided(negative: FloatArray, positive: FloatArray, guidance: float) -> FloatArray:
    """Classifier-free guidance (https://arxiv.org/abs/2207.12598).

    Args:
        negative: the UNet's output for the negative prompt, (C, h, w).
        positive: for the prompt.
        guidance: the guidance scale.
    """
    combined: FloatArray = negative + guidance * (positive - negative)
    return combined
