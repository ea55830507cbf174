"""Makes a checkpoint's configs from the contract's: names, fixed dimensions, parameters."""

from collections.abc import Mapping

from tritonclient.grpc.model_config_pb2 import ModelConfig

from export.contracts import Role
from export.errors import ContractError
from export.geometry import PROMPT_TOKENS, Geometry

FREE = -1
Dimensions = Mapping[str, tuple[int, ...]]


def _dimensions(role: Role, geometry: Geometry) -> Dimensions:
    """Dimensions of the tensors that the checkpoint decides, without a batch dimension.

    Those of the public model stay free: Triton would refuse the empty window by which its loop is
    asked for a sign of life. The loop knows its size itself.
    """
    pixels, latent = geometry.resolution, geometry.latent_size
    window, mask = (pixels, pixels, 3), (pixels, pixels)
    latents = (geometry.latent_channels, latent, latent)
    chunks = (FREE, PROMPT_TOKENS, geometry.embedding_width)
    pooled = (FREE, geometry.pooled_width)
    unet: Dimensions = {
        "LATENTS": (geometry.unet_channels, latent, latent),
        "EMBEDDINGS": (FREE, geometry.embedding_width),
        "POOLED": (geometry.pooled_width,),
        "FEATURES": (geometry.feature_channels, latent, latent),
        "PREDICTION": latents,
    }
    tables: dict[Role, Dimensions] = {
        Role.ENCODE: {
            "IMAGE": (FREE, *window),
            "MASK": (FREE, *mask),
            "EMBEDDINGS": chunks,
            "POOLED": pooled,
            "LATENTS": (FREE, *latents),
        },
        Role.TEXT_ENCODER: {"EMBEDDINGS": chunks, "POOLED": pooled},
        Role.VAE_ENCODER: {"IMAGE": window, "MASK": mask, "LATENTS": latents},
        Role.UNET: unet,
        Role.UNET_SHALLOW: unet,
        Role.VAE_DECODER: {"LATENTS": latents, "IMAGE": window},
    }
    return tables.get(role, {})


def _fixed(name: str, contract: tuple[int, ...], wanted: tuple[int, ...]) -> tuple[int, ...]:
    """`wanted`, if it only puts a number where the contract leaves a dimension free."""
    fits = len(contract) == len(wanted) and all(
        free in (FREE, size) for free, size in zip(contract, wanted, strict=True)
    )
    if not fits:
        raise ContractError([f"{name}: {wanted} does not refine the contract's {contract}"])
    return wanted


def refine(
    contract: ModelConfig,
    role: Role,
    model_id: str,
    geometry: Geometry,
    parameters: Mapping[str, str],
) -> ModelConfig:
    """A copy of a committed config with a checkpoint's names and numbers.

    Args:
        contract: The committed config; not changed.
        role: Which of the models it is.
        model_id: The public model's name, from which the others' are made.
        geometry: The checkpoint's numbers.
        parameters: New values of parameters that the contract has.

    Raises:
        ContractError: the numbers or parameters are not a special case of the contract.
    """
    config = ModelConfig()
    config.CopyFrom(contract)
    config.name = role.model_name(model_id)
    dimensions = _dimensions(role, geometry)
    for tensor in (*config.input, *config.output):
        contract_dims = tuple(tensor.dims)
        wanted = dimensions.get(tensor.name, contract_dims)
        tensor.dims[:] = _fixed(f"{config.name} {tensor.name}", contract_dims, wanted)
    for step in config.ensemble_scheduling.step:
        step.model_name = Role(step.model_name.rpartition(".")[2]).model_name(model_id)
    if "parts" in config.parameters:
        config.parameters["parts"].string_value = model_id
    for key, value in parameters.items():
        if key not in config.parameters:
            raise ContractError([f"{config.name}: the contract has no parameter {key}"])
        config.parameters[key].string_value = value
    return config
