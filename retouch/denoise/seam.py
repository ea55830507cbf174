"""What the loop needs from outside: engines that compute, and someone who receives the answers."""

from typing import NamedTuple, Protocol

from retouch.denoise.edit import PixelArray
from retouch.schedulers import FloatArray


class Encoded(NamedTuple):
    """What is computed once for an edit."""

    embeddings: FloatArray  # (2 * chunks, 77, width), first the negative prompt's chunks
    latents: FloatArray  # (C, h, w), scaled
    pooled: FloatArray | None = None  # (2 * chunks, width), of models with added conditioning


class UNetRows(NamedTuple):
    """The inputs of one UNet call; rows are independent of each other."""

    latents: FloatArray  # (rows, unet_channels, h, w)
    timestep: FloatArray  # (rows, 1)
    embeddings: FloatArray  # (rows, 77 * chunks, width)
    pooled: FloatArray | None = None  # (rows, width)
    time_ids: FloatArray | None = None  # (rows, 6)
    features: FloatArray | None = None  # (rows, F, h, w), of earlier steps; for a shallow call


class UNetOutputs(NamedTuple):
    """What a UNet call gives."""

    prediction: FloatArray  # (rows, C, h, w)
    features: FloatArray | None = None  # (rows, F, h, w), for shallow calls to come


class Encoders(Protocol):
    """What is run once for an edit. Called from several threads; may raise anything."""

    def encode(
        self, image: PixelArray, mask: PixelArray, prompt: str, negative_prompt: str
    ) -> Encoded:
        """Both prompts, and the window (R, R, 3) with what the mask (R, R) covers greyed out."""

    def encode_image(self, image: PixelArray, mask: PixelArray) -> FloatArray:
        """The window (R, R, 3), greyed out under the mask (R, R), as latents (C, h, w)."""


class Engines(Encoders, Protocol):
    """The neural networks. Every method is called from several threads and may raise anything."""

    def unet(self, rows: UNetRows) -> UNetOutputs:
        """One denoising step: whole, or from features on."""

    def decode(self, latents: FloatArray) -> PixelArray:
        """Latents (B, C, h, w) as pictures (B, R, R, 3), at most 4 at once."""


class Replies(Protocol):
    """Where the answers to one edit go. Nothing is sent after `close`."""

    def is_cancelled(self) -> bool:
        """Whether the client has left."""

    def send_image(self, index: int, step: int, steps: int, image: PixelArray) -> None:
        """A finished image (step = steps) or a preview, (R, R, 3)."""

    def send_progress(self, index: int, step: int, steps: int) -> None:
        """An image has done `step` of its `steps`."""

    def send_error(self, error: Exception) -> None:
        """The edit has failed."""

    def close(self) -> None:
        """That was all."""
