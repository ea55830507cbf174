"""The committed configs that every published model is checked against and refined from."""

from enum import StrEnum
from pathlib import Path

from google.protobuf import text_format
from tritonclient.grpc.model_config_pb2 import ModelConfig

from export.checkpoint import Family
from retouch.releases.configs import CONFIG_FILE, read_config

ROOT = Path(__file__).parent.parent
BUILT_IN = ROOT / "model_repository"
SDXL = ROOT / "export" / "contracts" / "sdxl"
CACHED = ROOT / "export" / "contracts" / "cached"
VERSION = "1"  # the folder of a published model's files


class Role(StrEnum):
    """One of the models that serve a checkpoint; the public one is last."""

    TOKENIZER = "tokenizer"
    TEXT_ENCODER = "text_encoder"
    VAE_ENCODER = "vae_encoder"
    UNET = "unet"
    UNET_SHALLOW = "unet_shallow"  # only where features are kept
    VAE_DECODER = "vae_decoder"
    ENCODE = "encode"
    PUBLIC = ""

    def model_name(self, model_id: str) -> str:
        """The model's name in the repository."""
        return f"{model_id}.{self}" if self else model_id


# Those of every model, and those of them that are graphs.
ROLES = tuple(role for role in Role if role is not Role.UNET_SHALLOW)
GRAPHS = (Role.TEXT_ENCODER, Role.VAE_ENCODER, Role.UNET, Role.VAE_DECODER)
SDXL_ROLES = (Role.ENCODE, Role.TOKENIZER, Role.TEXT_ENCODER, Role.UNET)


def contract_folder(role: Role, family: Family, *, keeps_features: bool = False) -> Path:
    """Where the contract of a role is: its config, and model.py of Python models."""
    if role is Role.UNET_SHALLOW or (role is Role.UNET and keeps_features):
        return CACHED / family.name.lower() / role
    if family is Family.SDXL and role in SDXL_ROLES:
        return SDXL / role
    return BUILT_IN / role.model_name("retouch-mini")


def read_contract(role: Role, family: Family, *, keeps_features: bool = False) -> ModelConfig:
    """The committed config of a role, as parsed by Triton's own definition."""
    folder = contract_folder(role, family, keeps_features=keeps_features)
    return read_config(folder / CONFIG_FILE)


def model_py(role: Role) -> Path | None:
    """The model.py that every family's model of this role runs; None for other backends."""
    path = BUILT_IN / role.model_name("retouch-mini") / "1" / "model.py"
    return path if path.is_file() else None


def write_config(config: ModelConfig, folder: Path, header: str) -> None:
    """Writes config.pbtxt with a one-line comment at its head."""
    text = f"# {header}\n{text_format.MessageToString(config)}"
    (folder / CONFIG_FILE).write_text(text, encoding="utf-8")
