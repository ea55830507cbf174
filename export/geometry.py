"""The numbers of a checkpoint that decide the tensors' dimensions."""

from dataclasses import dataclass, replace

from export.checkpoint import Checkpoint, Family, Settings
from export.errors import CheckpointError, UnsupportedError

PROMPT_TOKENS = 77  # a chunk, for every CLIP text encoder
TIME_IDS = 6  # Stable Diffusion XL's sizes and crop
TRACED_LATENT_SIZE = 8


@dataclass(frozen=True)
class Geometry:
    """Sizes in elements; pictures and latents are square.

    Attributes:
        resolution: Width of the window in pixels.
        latent_factor: Pixels to a latent pixel.
        latent_channels: Channels of the VAE's latents.
        unet_channels: Channels that the UNet takes.
        feature_channels: Channels that its outermost layer gets from the deeper ones.
        embedding_width: Width of the text embeddings.
        pooled_width: Width of the pooled embedding; 0 where the UNet takes none.
        vocabulary: Number of token ids.
        unet_reduction: Latent pixels to a pixel of the UNet's lowest level.
    """

    resolution: int
    latent_factor: int
    latent_channels: int
    unet_channels: int
    feature_channels: int
    embedding_width: int
    pooled_width: int
    vocabulary: int
    unet_reduction: int

    @property
    def latent_size(self) -> int:
        """Width of the latents."""
        return self.resolution // self.latent_factor

    def for_tracing(self) -> "Geometry":
        """A small picture that runs through the same operations as one of full size does."""
        if self.latent_size % self.unet_reduction:
            return self
        size = max(TRACED_LATENT_SIZE, 2 * self.unet_reduction)  # two rows at the least
        return replace(self, resolution=min(self.resolution, size * self.latent_factor))


def read_geometry(checkpoint: Checkpoint, resolution: int | None) -> Geometry:
    """Reads the numbers from the components' settings.

    Args:
        checkpoint: Where to read.
        resolution: Working resolution in pixels; the checkpoint's own when None.

    Raises:
        CheckpointError: a settings file is missing or broken.
        UnsupportedError: the parts do not fit together, or the UNet wants further inputs.
    """
    unet = checkpoint.settings("unet")
    try:
        geometry = _geometry(checkpoint, unet, resolution)
    except KeyError as error:
        raise CheckpointError(f"the settings of the checkpoint lack {error}") from error
    _check_resolution(geometry)
    _check_unet(unet, geometry, checkpoint.family)
    return geometry


def _geometry(checkpoint: Checkpoint, unet: Settings, resolution: int | None) -> Geometry:
    vae = checkpoint.settings("vae")
    levels = vae.get("block_out_channels") or vae["encoder_block_out_channels"]
    factor = 2 ** (len(levels) - 1)
    return Geometry(
        resolution=resolution or _native_resolution(unet, factor),
        latent_factor=factor,
        latent_channels=vae.get("latent_channels", 4),
        unet_channels=unet["in_channels"],
        feature_channels=unet["block_out_channels"][0],
        embedding_width=unet["cross_attention_dim"],
        pooled_width=_pooled_width(unet),
        vocabulary=checkpoint.settings("text_encoder")["vocab_size"],
        unet_reduction=2 ** (len(unet["block_out_channels"]) - 1),
    )


def _native_resolution(unet: Settings, factor: int) -> int:
    size = unet.get("sample_size")
    if not isinstance(size, int):
        raise UnsupportedError(f"the UNet's sample_size {size} is no width; give a resolution")
    return size * factor


def _pooled_width(unet: Settings) -> int:
    if unet.get("addition_embed_type") != "text_time":
        return 0
    width: int = unet["projection_class_embeddings_input_dim"]
    return width - TIME_IDS * int(unet["addition_time_embed_dim"])


def _check_resolution(geometry: Geometry) -> None:
    if geometry.resolution <= 0 or geometry.resolution % geometry.latent_factor:
        raise UnsupportedError(
            f"the resolution {geometry.resolution} is no multiple of {geometry.latent_factor}"
        )


def _check_unet(unet: Settings, geometry: Geometry, family: Family) -> None:
    allowed = (2 * geometry.latent_channels + 1, geometry.latent_channels)
    if geometry.unet_channels not in allowed:
        raise UnsupportedError(
            f"the UNet takes {geometry.unet_channels} channels; {allowed[0]} (inpainting)"
            f" and {allowed[1]} (plain) can be served"
        )
    if (geometry.pooled_width > 0) != (family is Family.SDXL):
        raise UnsupportedError(f"the UNet's added conditioning is not that of {family}")
    for setting in ("time_cond_proj_dim", "class_embed_type", "encoder_hid_dim_type"):
        if unet.get(setting) is not None:
            raise UnsupportedError(f"a UNet with {setting} cannot be served")
