"""What all images of an edit share: prompts, mask and window as the UNet sees them."""

from dataclasses import dataclass

import numpy as np

from retouch.denoise.edit import Edit, PixelArray
from retouch.denoise.model import Model
from retouch.denoise.seam import Encoded, Encoders
from retouch.schedulers import FloatArray

MASKED_FROM = 128


@dataclass(frozen=True)
class Conditioning:
    """The constant inputs of an edit's rows: if guided, first the negative prompt's row.

    Attributes:
        embeddings: (rows, 77 * chunks, width).
        pooled: (rows, width), of models with added conditioning.
        mask: 1 = repaint, (1, h, w).
        masked_latents: the window without what is masked, (C, h, w); of inpainting UNets.
        known_latents: the whole window, (C, h, w); of plain UNets, and for strengths below 1.
    """

    embeddings: FloatArray
    pooled: FloatArray | None
    mask: FloatArray
    masked_latents: FloatArray | None
    known_latents: FloatArray | None


def condition(edit: Edit, model: Model, engines: Encoders) -> Conditioning:
    """Runs the encoders.

    Raises:
        Exception: whatever an engine raises.
    """
    nothing = np.zeros_like(edit.mask)
    mask = edit.mask if model.is_inpainting else nothing
    encoded = engines.encode(edit.image, mask, edit.prompt, edit.negative_prompt)
    latents = np.asarray(encoded.latents, np.float32)
    known = None if model.is_inpainting else latents
    if known is None and edit.strength < 1:
        known = np.asarray(engines.encode_image(edit.image, nothing), np.float32)
    embeddings, pooled = _prompt_rows(edit, model, encoded)
    return Conditioning(
        embeddings=embeddings,
        pooled=pooled,
        mask=_latent_mask(edit.mask, model.latent_factor),
        masked_latents=latents if model.is_inpainting else None,
        known_latents=known,
    )


def _latent_mask(mask: PixelArray, latent_factor: int) -> FloatArray:
    """The mask at the latents' resolution, (1, h, w): each latent's upper left pixel decides."""
    nearest = mask[::latent_factor, ::latent_factor]
    return (nearest >= MASKED_FROM).astype(np.float32)[None]


def _prompt_rows(
    edit: Edit, model: Model, encoded: Encoded
) -> tuple[FloatArray, FloatArray | None]:
    """Embeddings (rows, 77 * chunks, width) and pooled (rows, width), negative prompt first."""
    width = encoded.embeddings.shape[-1]
    embeddings = np.array(encoded.embeddings, np.float32).reshape(2, -1, width)  # (2, 77 * c, w)
    pooled = None
    if model.added_conditioning:
        pooled = _first_chunks(encoded)
    if model.zero_empty_negative and not edit.negative_prompt:
        embeddings[0] = 0
        if pooled is not None:
            pooled[0] = 0
    first = 0 if edit.is_guided else 1
    return embeddings[first:], None if pooled is None else pooled[first:]


def _first_chunks(encoded: Encoded) -> FloatArray:
    """The pooled embeddings of each prompt's first chunk, (2, width)."""
    if encoded.pooled is None:
        raise ValueError(
            "the model has added conditioning, but its text encoder gave no pooled output"
        )
    chunks = len(encoded.pooled) // 2
    return np.array(encoded.pooled[::chunks], np.float32)
