"""Loads a checkpoint's networks, one role at a time."""

from typing import Any

import diffusers
import torch
import transformers
from torch import nn

from export import networks
from export.cached_unet import ConditionedShallowStep, ShallowStep, WholeStep
from export.checkpoint import Checkpoint, Family
from export.contracts import Role
from export.errors import CheckpointError, UnsupportedError
from export.request import EIGHT_BITS, Engine, Precision

CLASSES: dict[str, Any] = {
    "AutoencoderKL": diffusers.AutoencoderKL,
    "AutoencoderTiny": diffusers.AutoencoderTiny,
    "CLIPTextModel": transformers.CLIPTextModel,
    "CLIPTextModelWithProjection": transformers.CLIPTextModelWithProjection,
    "UNet2DConditionModel": diffusers.UNet2DConditionModel,
}


DTYPES = {
    Precision.FP32: torch.float32,
    Precision.FP16: torch.float16,
    Precision.BF16: torch.bfloat16,
}


def graph_precision(engine: Engine, precision: Precision) -> Precision:
    """What a graph itself is in, as it is written.

    OpenVINO takes one in fp32, and rounds to bf16 on its own; a graph for int8 is quantised later.
    """
    return Precision.FP32 if engine is Engine.OPENVINO else precision


def precision_of(
    role: Role, checkpoint: Checkpoint, engine: Engine, wanted: Precision
) -> Precision:
    """The precision a role can have.

    A VAE that overflows in fp16 stays in fp32. As in diffusers, a VAE of Stable Diffusion XL is
    such a one unless its settings say otherwise. The text encoder, which is a thousandth of the
    work, does without the losses of bf16. In 8 bits is the UNet alone.
    """
    if wanted in EIGHT_BITS and role is not Role.UNET:
        wanted = Precision.BF16 if engine is Engine.OPENVINO else Precision.FP16
    if role is Role.TEXT_ENCODER and wanted is Precision.BF16:
        return Precision.FP32
    if role in (Role.VAE_ENCODER, Role.VAE_DECODER) and wanted is Precision.FP16:
        by_default = checkpoint.family is Family.SDXL and _is_full_vae(checkpoint)
        if checkpoint.settings("vae").get("force_upcast", by_default):
            return Precision.FP32
    return wanted


def _is_full_vae(checkpoint: Checkpoint) -> bool:
    return checkpoint.class_name("vae") == "AutoencoderKL"


def check_classes(checkpoint: Checkpoint) -> None:
    """Refuses components of classes that the wrappers in `networks` do not know.

    Raises:
        UnsupportedError: with the first such component.
    """
    for component in ("text_encoder", "text_encoder_2", "vae", "unet"):
        if component in checkpoint.index and checkpoint.index[component][0] is not None:
            name = checkpoint.class_name(component)
            if name not in CLASSES:
                raise UnsupportedError(f"a {component} of class {name} cannot be served")
    if checkpoint.settings("vae").get("latents_mean") is not None:
        raise UnsupportedError("a VAE with latents_mean cannot be served")


def load(
    role: Role, checkpoint: Checkpoint, precision: Precision, *, keeps_features: bool = False
) -> nn.Module:
    """The role's network with its weights, ready for inference.

    Args:
        role: Which of the networks.
        checkpoint: Where it is.
        precision: What its weights are in, and it computes in.
        keeps_features: Whether the UNet gives its features too.

    Raises:
        CheckpointError: the weights cannot be read.
    """

    def component(name: str) -> Any:
        return _load_component(checkpoint, name, precision)

    wrapped: nn.Module
    match role, checkpoint.family:
        case Role.TEXT_ENCODER, Family.SD:
            wrapped = networks.TextEncoder(component("text_encoder"))
        case Role.TEXT_ENCODER, Family.SDXL:
            first, second = component("text_encoder"), component("text_encoder_2")
            wrapped = networks.PairedTextEncoder(first, second)
        case Role.VAE_ENCODER, _:
            wrapped = networks.VaeEncoder(component("vae"))
        case Role.VAE_DECODER, _:
            wrapped = networks.VaeDecoder(component("vae"))
        case Role.UNET, Family.SD:
            step = networks.Unet(component("unet"))
            wrapped = WholeStep(step) if keeps_features else step
        case Role.UNET, Family.SDXL:
            conditioned = networks.ConditionedUnet(component("unet"))
            wrapped = WholeStep(conditioned) if keeps_features else conditioned
        case Role.UNET_SHALLOW, Family.SD:
            wrapped = ShallowStep(component("unet"))
        case Role.UNET_SHALLOW, Family.SDXL:
            wrapped = ConditionedShallowStep(component("unet"))
        case _:
            raise ValueError(f"{role} has no network")
    return wrapped.eval().requires_grad_(requires_grad=False)


def _load_component(checkpoint: Checkpoint, name: str, precision: Precision) -> Any:
    network = CLASSES[checkpoint.class_name(name)]
    options = {"torch_dtype": DTYPES[precision], "variant": _variant(checkpoint, name)}
    if name.startswith("text_encoder"):
        options["attn_implementation"] = "eager"  # the tracer mixes widths in the fused one
    try:
        loaded, report = network.from_pretrained(
            checkpoint.folder,
            subfolder=name,
            low_cpu_mem_usage=True,
            output_loading_info=True,
            **options,
        )
    except (OSError, ValueError, RuntimeError) as error:
        raise CheckpointError(f"{name} cannot be loaded: {error}") from error
    if report["missing_keys"]:  # the libraries would go on with random ones
        missing = sorted(report["missing_keys"])
        raise CheckpointError(f"{name} lacks {len(missing)} weights, {missing[0]} for one")
    return loaded


def _variant(checkpoint: Checkpoint, name: str) -> str | None:
    """`fp16` where the weights come under that suffix alone."""
    weights = [path.name for path in (checkpoint.folder / name).glob("*.safetensors*")]
    return "fp16" if weights and all(".fp16." in weight for weight in weights) else None
