"""Engines in plain NumPy, and a client that remembers its answers."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from retouch.denoise import Edit, Encoded, Model, PixelArray, UNetOutputs, UNetRows
from retouch.schedulers import FloatArray, load_scheduler

RESOLUTION, FACTOR, CHANNELS = 16, 8, 4
PATIENCE_SECONDS = 20.0
DDIM = {"_class_name": "DDIMScheduler", "clip_sample": False}


def model(scheduler: dict[str, object] | None = None, **numbers: float) -> Model:
    """A tiny checkpoint's numbers, inpainting if not said otherwise."""
    inpainting = Model(
        resolution=RESOLUTION,
        latent_channels=CHANNELS,
        latent_factor=FACTOR,
        unet_channels=2 * CHANNELS + 1,
        scheduler=load_scheduler(scheduler or DDIM),
        max_rows=16,
    )
    return replace(inpainting, **numbers)  # type: ignore[arg-type]  # each of its field's type


def edit(seed: int = 0, n: int = 1, **changes: object) -> Edit:
    """An edit of a random window; its picture and mask depend on the seed too."""
    generator = np.random.default_rng(seed)
    plain = Edit(
        image=generator.integers(0, 256, (RESOLUTION, RESOLUTION, 3), np.uint8),
        mask=generator.integers(0, 256, (RESOLUTION, RESOLUTION), np.uint8),
        prompt=f"prompt {seed}",
        negative_prompt="",
        seeds=tuple(range(seed, seed + n)),
        steps=5,
        guidance=3.0,
        strength=1.0,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # checked by the tests that use it


@dataclass
class FakeEngines:
    """Row-wise arithmetic instead of networks; counts, and can be held up or made to fail.

    `on_unet` is called before each UNet call with its inputs, `on_decode` before each decoding.
    """

    on_encode: Callable[[str], None] = lambda _: None
    on_unet: Callable[[UNetRows], None] = lambda _: None
    on_decode: Callable[[FloatArray], None] = lambda _: None
    keeps_features: bool = False
    unet_rows: list[int] = field(default_factory=list)  # of each call
    decoded: list[int] = field(default_factory=list)  # images of each call
    encoded: list[str] = field(default_factory=list)

    def encode(
        self, image: PixelArray, mask: PixelArray, prompt: str, negative_prompt: str
    ) -> Encoded:
        """Embeddings that depend on the words; a chunk for every ten words."""
        self.encoded.append(prompt)
        self.on_encode(prompt)
        chunks = 1 + max(prompt.count(" "), negative_prompt.count(" ")) // 10
        values = [len(negative_prompt) / 100] * chunks + [sum(map(ord, prompt)) / 1e4] * chunks
        embeddings = np.ones((2 * chunks, 77, 3), np.float32) * np.reshape(values, (-1, 1, 1))
        pooled = embeddings[:, 0].astype(np.float32)
        return Encoded(embeddings.astype(np.float32), self.encode_image(image, mask), pooled)

    def encode_image(self, image: PixelArray, mask: PixelArray) -> FloatArray:
        """Every factor-th pixel, grey under the mask."""
        kept = np.where(mask[..., None] >= 128, 128, image).astype(np.uint8)
        sampled = kept[::FACTOR, ::FACTOR].transpose(2, 0, 1).astype(np.float32) / 128 - 1
        return np.ascontiguousarray(np.concatenate([sampled, sampled[:1]]))

    def unet(self, rows: UNetRows) -> UNetOutputs:
        """A prediction that depends on every input of its own row."""
        self.on_unet(rows)
        self.unet_rows.append(len(rows.latents))
        prediction = 0.5 * rows.latents[:, :CHANNELS]
        for extra in (rows.latents, rows.embeddings, rows.timestep / 1000):
            mean = np.array([row.mean() for row in extra], np.float32)
            prediction = prediction + mean[:, None, None, None]
        features = deep_features(rows) if rows.features is None else rows.features
        prediction = (prediction + features.mean(1, keepdims=True)).astype(np.float32)
        gives = self.keeps_features and rows.features is None
        return UNetOutputs(prediction, features if gives else None)

    def decode(self, latents: FloatArray) -> PixelArray:
        """The first three channels, enlarged."""
        self.on_decode(latents)
        self.decoded.append(len(latents))
        pixels = np.clip(latents[:, :3] * 40 + 128, 0, 255).astype(np.uint8)
        return pixels.repeat(FACTOR, 2).repeat(FACTOR, 3).transpose(0, 2, 3, 1)


def deep_features(rows: UNetRows) -> FloatArray:
    """What the fake UNet's shallow part takes, (rows, 2, h, w)."""
    return (0.2 * rows.latents[:, :2] + rows.timestep[:, :, None, None] / 1000).astype(np.float32)


class Client:
    """Remembers what it is sent."""

    def __init__(self) -> None:
        self.images: dict[int, PixelArray] = {}
        self.previews: list[tuple[int, int]] = []
        self.progress: list[tuple[int, int, int]] = []
        self.errors: list[Exception] = []
        self.closings = 0
        self.has_left = False
        self._closed = threading.Event()

    def is_cancelled(self) -> bool:
        """Whether it has left."""
        return self.has_left

    def send_image(self, index: int, step: int, steps: int, image: PixelArray) -> None:
        """A preview or a finished image."""
        assert self.closings == 0
        if step == steps:
            assert index not in self.images
            self.images[index] = image
        else:
            self.previews.append((index, step))

    def send_progress(self, index: int, step: int, steps: int) -> None:
        """A step is done."""
        assert self.closings == 0
        self.progress.append((index, step, steps))

    def send_error(self, error: Exception) -> None:
        """The edit failed."""
        assert self.closings == 0
        self.errors.append(error)

    def close(self) -> None:
        """The last answer is here."""
        self.closings += 1
        self._closed.set()

    def wait(self) -> "Client":
        """Waits for the last answer."""
        assert self._closed.wait(PATIENCE_SECONDS), "the edit was never answered"
        return self


class Gate:
    """Lets UNet calls through one by one; use it as `on_unet`."""

    def __init__(self) -> None:
        self.rows: list[UNetRows] = []
        self._arrived = threading.Semaphore(0)
        self._allowed = threading.Semaphore(0)

    def __call__(self, rows: UNetRows) -> None:
        """Waits until the call may go on."""
        self.rows.append(rows)
        self._arrived.release()
        assert self._allowed.acquire(timeout=PATIENCE_SECONDS)

    def next_call(self) -> UNetRows:
        """Waits for the next call, which is then held up."""
        assert self._arrived.acquire(timeout=PATIENCE_SECONDS), "the UNet was not called"
        return self.rows[-1]

    def let_through(self, calls: int = 1) -> None:
        """Lets calls go on."""
        self._allowed.release(calls)
