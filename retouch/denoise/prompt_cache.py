"""Embeddings of prompts that come again: of many masks on one picture, or of a retry."""

import threading
from collections import OrderedDict
from typing import NamedTuple

import numpy as np

from retouch.denoise.edit import PixelArray
from retouch.denoise.seam import Encoded, Engines
from retouch.schedulers import FloatArray

CACHE_BYTES = 64 * 2**20  # 130 pairs of prompts of Stable Diffusion 1.5, 50 of XL


class EncodedPrompts(NamedTuple):
    """The parts of `Encoded` that come from the prompts."""

    embeddings: FloatArray
    pooled: FloatArray | None

    @property
    def bytes(self) -> int:
        """In memory."""
        return self.embeddings.nbytes + (0 if self.pooled is None else self.pooled.nbytes)


class PromptCache:
    """Prompts by prompt and negative prompt; the least recently used go first. For any thread."""

    def __init__(self, most_bytes: int = CACHE_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[tuple[str, str], EncodedPrompts] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[str, str]) -> EncodedPrompts | None:
        """What is kept of the prompts."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: tuple[str, str], prompts: EncodedPrompts) -> None:
        """Keeps them; they must not be changed afterwards."""
        with self._lock:
            if key in self._kept:
                self._bytes -= self._kept.pop(key).bytes
            self._kept[key] = prompts
            self._bytes += prompts.bytes
            while self._bytes > self._most_bytes:
                self._bytes -= self._kept.popitem(last=False)[1].bytes


class CachingEngines:
    """Engines that encode no prompt twice. A model that is loaded anew gets new ones."""

    def __init__(self, engines: Engines, cache: PromptCache) -> None:
        self._engines = engines
        self._cache = cache
        self.unet = engines.unet
        self.decode = engines.decode
        self.encode_image = engines.encode_image

    def encode(
        self, image: PixelArray, mask: PixelArray, prompt: str, negative_prompt: str
    ) -> Encoded:
        """See `Engines.encode`; known prompts leave the VAE encoder alone to be run."""
        key = (prompt, negative_prompt)
        known = self._cache.get(key)
        if known is not None:
            return Encoded(known.embeddings, self._engines.encode_image(image, mask), known.pooled)
        encoded = self._engines.encode(image, mask, prompt, negative_prompt)
        self._cache.put(key, _copied(encoded))
        return encoded


def _copied(encoded: Encoded) -> EncodedPrompts:
    """Copies, because an engine's arrays may lie in memory that it uses again."""
    pooled = None if encoded.pooled is None else _read_only(encoded.pooled)
    return EncodedPrompts(_read_only(encoded.embeddings), pooled)


def _read_only(array: FloatArray) -> FloatArray:
    copy = np.array(array)
    copy.setflags(write=False)
    return copy
