"""Tokenizer and encoders of an export, as the denoise loop calls them."""

from typing import Self

from export.contracts import Role
from export.staged_models import StagedModels
from export.tokenizer import TOKENIZER_FILE
from retouch.backends.engine import Engine
from retouch.denoise import Encoded, PixelArray
from retouch.prompts import PromptTokenizer
from retouch.schedulers import FloatArray

# What fills up a chunk, by the text encoder's inputs; the second is Stable Diffusion XL's.
PADS = {"INPUT_IDS": "pad_token_id", "INPUT_IDS_2": "pad_token_id_2"}


class StagedEncoders:
    """See `retouch.denoise.seam.Encoders`."""

    def __init__(self, models: StagedModels, text_encoder: Engine, vae_encoder: Engine) -> None:
        """Takes loaded encoders.

        Args:
            models: whose tokenizer and configs are read.
            text_encoder: the models' own, in any engine.
            vae_encoder: the same.
        """
        text_config = models.config(Role.TEXT_ENCODER)
        pads = models.parameters(Role.TOKENIZER)
        self._pads = {t.name: pads.integer(PADS[t.name]) for t in text_config.input}
        self._text_outputs = [tensor.name for tensor in text_config.output]
        self._tokenizer = PromptTokenizer(models.version_folder(Role.TOKENIZER) / TOKENIZER_FILE)
        self._text_encoder = text_encoder
        self._vae_encoder = vae_encoder

    @classmethod
    def in_fp32(cls, models: StagedModels) -> Self:
        """The encoders computed in fp32, whatever they are to be served in."""
        return cls(models, models.in_fp32(Role.TEXT_ENCODER), models.in_fp32(Role.VAE_ENCODER))

    def encode(
        self, image: PixelArray, mask: PixelArray, prompt: str, negative_prompt: str
    ) -> Encoded:
        """Both prompts, and the window without what is masked."""
        ids = self._tokenizer.encode(negative_prompt, prompt, tuple(self._pads.values()))
        inputs = dict(zip(self._pads, ids, strict=True))
        texts = self._text_encoder.run(inputs, self._text_outputs)
        return Encoded(texts["EMBEDDINGS"], self.encode_image(image, mask), texts.get("POOLED"))

    def encode_image(self, image: PixelArray, mask: PixelArray) -> FloatArray:
        """The window without what is masked, as latents."""
        inputs = {"IMAGE": image[None], "MASK": mask[None]}
        latents: FloatArray = self._vae_encoder.run(inputs, ["LATENTS"])["LATENTS"][0]
        return latents
