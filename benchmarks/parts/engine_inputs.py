"""Tensors for a model's graphs, of the sizes that its configs tell."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from tritonclient.grpc.model_config_pb2 import ModelConfig

from retouch.backends.engine import Array, Engine, Tensors
from retouch.releases.configs import CONFIG_FILE, read_config

PROMPTS = 2
SEED = 3


@dataclass(frozen=True)
class EngineInputs:
    """What the graphs of one model are called with.

    Attributes:
        resolution: of the model, in pixels.
        latent_side: of its latents.
        latent_channels: of the decoder's input.
        unet_channels: of the UNet's input.
        max_rows: most rows of one UNet call.
        texts: what the text encoder says of a prompt: EMBEDDINGS (tokens, width), and for some
            models POOLED (width).
    """

    resolution: int
    latent_side: int
    latent_channels: int
    unet_channels: int
    max_rows: int
    texts: Tensors

    @classmethod
    def of(cls, repository: Path, model: str, text_encoder: tuple[Engine, list[str]]) -> Self:
        """Of a model in a repository; its text encoder tells how wide the embeddings are."""
        numbers = read_config(repository / model / CONFIG_FILE).parameters
        resolution = int(numbers["resolution"].string_value)
        engine, outputs = text_encoder
        config = read_config(repository / f"{model}.text_encoder" / CONFIG_FILE)
        encoded = engine.run(_token_ids(config), outputs)
        return cls(
            resolution=resolution,
            latent_side=resolution // int(numbers["latent_factor"].string_value),
            latent_channels=int(numbers["latent_channels"].string_value),
            unet_channels=int(numbers["unet_channels"].string_value),
            max_rows=int(numbers["max_rows"].string_value),
            texts={name: values[0] for name, values in encoded.items()},
        )

    def tensors(self, role: str, rows: int) -> Tensors:
        """Inputs of the graph of a role, (rows, ...) each."""
        rng = np.random.default_rng(SEED)
        side = self.latent_side
        if role == "vae_encoder":
            pixels = rng.integers(0, 256, (rows, self.resolution, self.resolution, 3), np.uint8)
            return {"IMAGE": pixels, "MASK": np.zeros(pixels.shape[:3], np.uint8)}
        if role == "vae_decoder":
            return {"LATENTS": _noise(rng, rows, self.latent_channels, side, side)}
        unet = {
            "LATENTS": _noise(rng, rows, self.unet_channels, side, side),
            "TIMESTEP": np.full((rows, 1), 500, np.float32),
        }
        texts = {name: np.stack([values] * rows) for name, values in self.texts.items()}
        return {**unet, **texts, **self._sizes(rows)}

    def _sizes(self, rows: int) -> Tensors:
        """Of Stable Diffusion XL alone: original size, crop, target size."""
        if "POOLED" not in self.texts:
            return {}
        one = np.array([self.resolution] * 2 + [0, 0] + [self.resolution] * 2, np.float32)
        return {"TIME_IDS": np.stack([one] * rows)}


def _noise(rng: np.random.Generator, *shape: int) -> Array:
    return rng.standard_normal(shape, np.float32)


def _token_ids(config: ModelConfig) -> dict[str, Array]:
    return {tensor.name: np.zeros([PROMPTS, *tensor.dims[1:]], np.int64) for tensor in config.input}
