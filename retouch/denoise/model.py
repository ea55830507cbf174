"""The numbers of a checkpoint that the loop works by."""

from dataclasses import dataclass
from typing import Self

from retouch.parameters import Parameters
from retouch.schedulers import Scheduler, load_scheduler


@dataclass(frozen=True)
class Model:
    """A served checkpoint.

    Attributes:
        resolution: the window's side R in pixels.
        latent_channels: channels C of the latents.
        latent_factor: pixels per latent, along a side.
        unet_channels: of the UNet's input: 2 * C + 1 for an inpainting UNet (latents, mask, masked
            image), C for a plain one (the known pixels are blended in at each step).
        scheduler: the checkpoint's.
        max_rows: rows of one UNet call at most.
        added_conditioning: the UNet takes pooled embeddings and time ids (Stable Diffusion XL).
        zero_empty_negative: an empty negative prompt is embedded as zeros.
        guidance_end: the share of an image's steps, in (0, 1], that are guided. The late ones go by
            the prompt's row alone, without the negative prompt's.
        cache_interval: of so many steps of an image, the first is a whole one; the others take the
            UNet's deep features from it (https://arxiv.org/abs/2312.00858). 1 = all are whole.
        decoder_rows: pictures of one decoder call at most.
    """

    resolution: int
    latent_channels: int
    latent_factor: int
    unet_channels: int
    scheduler: Scheduler
    max_rows: int
    added_conditioning: bool = False
    zero_empty_negative: bool = False
    guidance_end: float = 1.0
    cache_interval: int = 1
    decoder_rows: int = 4

    def __post_init__(self) -> None:
        """Raises `ValueError` where the numbers contradict each other."""
        plain, inpainting = self.latent_channels, 2 * self.latent_channels + 1
        if self.unet_channels not in (plain, inpainting):
            raise ValueError(
                f"unet_channels = {self.unet_channels}: with {self.latent_channels} latent "
                f"channels a plain UNet takes {plain} and an inpainting UNet {inpainting}"
            )
        if self.resolution < 1 or self.resolution % self.latent_factor:
            raise ValueError(
                f"resolution = {self.resolution} is no multiple of latent_factor = "
                f"{self.latent_factor}"
            )
        if self.max_rows < 2:
            raise ValueError(f"max_rows = {self.max_rows}: a guided image needs 2 rows")
        if not 0 < self.guidance_end <= 1:
            raise ValueError(f"guidance_end = {self.guidance_end} is not above 0 and at most 1")
        if self.cache_interval < 1:
            raise ValueError(f"cache_interval = {self.cache_interval} is below 1")
        if self.decoder_rows < 1:
            raise ValueError(f"decoder_rows = {self.decoder_rows} is below 1")

    @classmethod
    def from_parameters(cls, parameters: Parameters) -> Self:
        """The numbers in a public model's configuration.

        Raises:
            ValueError: a parameter is missing, malformed or asks for something unsupported.
        """
        return cls(
            resolution=parameters.integer("resolution"),
            latent_channels=parameters.integer("latent_channels"),
            latent_factor=parameters.integer("latent_factor"),
            unet_channels=parameters.integer("unet_channels"),
            scheduler=load_scheduler(parameters.mapping("scheduler")),
            max_rows=parameters.integer("max_rows"),
            added_conditioning=parameters.flag("added_conditioning"),
            zero_empty_negative=parameters.flag("zero_empty_negative"),
            guidance_end=parameters.number("guidance_end") if "guidance_end" in parameters else 1.0,
            cache_interval=(
                parameters.integer("cache_interval") if "cache_interval" in parameters else 1
            ),
            decoder_rows=(
                parameters.integer("decoder_rows")
                if "decoder_rows" in parameters
                else cls.decoder_rows
            ),
        )

    @property
    def is_inpainting(self) -> bool:
        """Whether the UNet sees mask and masked image."""
        return self.unet_channels != self.latent_channels

    @property
    def latent_shape(self) -> tuple[int, int, int]:
        """Of one image's latents: (C, h, w)."""
        side = self.resolution // self.latent_factor
        return self.latent_channels, side, side
